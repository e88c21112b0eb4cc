# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The socket of `labelwise serve` and `demo`."""

import socket

from labelwise.runs.listening import ListenArguments, listen


def test_answers_are_sent_at_once():
    """No connection waits for the client to acknowledge a part of an answer."""
    with listen(ListenArguments(port=0)) as listener, socket.create_connection(listener.getsockname()):
        connection, _ = listener.accept()
        with connection:
            assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
