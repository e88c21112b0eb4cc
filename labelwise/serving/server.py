# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The server of `labelwise serve`: its stop loses no request."""

import socket

import uvicorn

from .service import Service


class Server(uvicorn.Server):
    """uvicorn that answers what it accepted before it closes connections.

    uvicorn alone would close connections whose request was sent and not read yet.
    """

    def __init__(self, service: Service) -> None:
        config = uvicorn.Config(service.app, log_config=None, access_log=False, timeout_graceful_shutdown=10)
        super().__init__(config)
        self.service = service

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await self.service.stop()
        await super().shutdown(sockets)
