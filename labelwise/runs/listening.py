# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The address of `labelwise serve` and `labelwise demo`: this machine alone, unless another is named."""

import ipaddress
import signal
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..errors import UserInputError
from .options import check_numbers
from .progress import logger

if TYPE_CHECKING:
    import uvicorn  # one of the extras


@dataclass
class ListenArguments:
    """Where a command listens."""

    host: str = field(
        default="127.0.0.1",
        metadata={"help": "Address to listen on; 0.0.0.0 lets every machine that can reach this one use the model."},
    )
    port: int = field(default=0, metadata={"help": "Port to listen on; 0 is any free one."})

    def __post_init__(self) -> None:
        check_numbers(self, ["port"], lambda port: 0 <= port < 2**16, ">= 0 and < 65536")

    def url(self, listener: socket.socket) -> str:
        """Return the address of a page or server that listens on a socket."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{listener.getsockname()[1]}"


def listen(args: ListenArguments) -> socket.socket:
    """Return a socket that listens; where other machines can reach it, say so.

    Args:
        args (`ListenArguments`): The address.

    Raises:
        UserInputError: There is no such address, or the port is in use or not allowed.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(args.host, args.port, type=socket.SOCK_STREAM)[0]
        listener = socket.create_server(address[:2], family=family, backlog=2048)
        # For the connections, too: asyncio sets it for its own sockets alone. Else an answer's body waits for the
        # client's acknowledgement of its head, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        raise UserInputError(
            f"--host {args.host} --port {args.port}: cannot listen there: {error.strerror}; name another"
        ) from error
    if not ipaddress.ip_address(address[0]).is_loopback:
        logger.warning(
            f"--host {args.host}: every machine that can reach this one may use the model; it asks for no password"
        )
    return listener


def run_until_stopped(server: "uvicorn.Server", listener: socket.socket) -> None:
    """Run a server until SIGTERM, or Ctrl-C, which raises `KeyboardInterrupt` when the server has stopped.

    Args:
        server (`uvicorn.Server`): The server.
        listener (`socket.socket`): The socket that clients connect to.
    """
    # uvicorn raises the signal again when it has stopped; with this handler, the process ends with 0.
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        server.run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)
