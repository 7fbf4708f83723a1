"""How an answer travels: whole, or hanging, or broken off, or drop by drop."""

import contextlib
import os
import socket
import struct
from collections.abc import Callable
from dataclasses import dataclass

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Wire:
    """A client's connection and what is to be sent on it.

    Attributes:
        head: the status line and the headers.
        pause: waits, given seconds.
    """

    connection: socket.socket
    head: bytes
    body: bytes
    pause: Callable[[float], None]


# How the head and the body of a wire reach the client.
Delivery = Callable[[Wire], None]


def whole(wire: Wire) -> None:
    """Send everything at once."""
    wire.connection.sendall(wire.head + wire.body)


def hanging(wire: Wire) -> None:
    """Send nothing until the client gives up."""
    with contextlib.suppress(ConnectionError):
        while wire.connection.recv(1):
            pass


def reset(wire: Wire) -> None:
    """Break the connection off without a word."""
    wire.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    os.close(wire.connection.detach())


def dripping(seconds: float, size: int) -> Delivery:
    """Send the head, then a few bytes of the body at a time."""

    def drip(wire: Wire) -> None:
        wire.connection.sendall(wire.head)
        for start in range(0, len(wire.body), size):
            wire.pause(seconds)
            wire.connection.sendall(wire.body[start : start + size])

    return drip
