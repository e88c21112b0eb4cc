# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Counts of the server, in Prometheus' text format."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """Requests by status, seconds to an answer, texts of a batch, and texts that wait."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "labelwise_requests", "Requests of /predict by status.", ["status"], registry=self.registry
        )
        self.seconds = Histogram(
            "labelwise_request_seconds", "Seconds from a request of /predict to its answer.", registry=self.registry
        )
        self.batch_texts = Histogram(
            "labelwise_batch_texts", "Texts of a batch.", buckets=[2**i for i in range(11)], registry=self.registry
        )
        self.waiting = Gauge("labelwise_waiting_texts", "Texts that wait for the model.", registry=self.registry)
