"""A process that ends at any moment one likes, without a process."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from adbc_driver_manager.dbapi import Connection
from dlt.sources.helpers import requests


class Killed(BaseException):
    """The process has ended."""


@dataclass
class Process:
    """The process of one load; it ends at the n-th of some moments, if at all.

    Attributes:
        end: a moment and its number, from 1: `request` and `commit` happen no more,
            `answer` and `committed` have happened and nobody knows of it.
        seen: how often each moment came.
    """

    end: tuple[str, int] | None = None
    seen: Counter[str] = field(default_factory=Counter)
    is_over: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, moment: str) -> None:
        """Come to a moment.

        Raises:
            Killed: the process has ended, here or before.
        """
        with self._lock:
            self.seen[moment] += 1
            self.is_over |= self.end == (moment, self.seen[moment])
            if self.is_over:
                raise Killed


class KillableSession(requests.Session):
    """Sends requests as long as the process lives."""

    def __init__(self, process: Process) -> None:
        super().__init__(raise_for_status=False)
        self._process = process

    def request(self, *args: Any, **options: Any) -> Any:  # noqa: ANN401
        self._process.at("request")
        response = super().request(*args, **options)
        self._process.at("answer")
        return response


class KillableConnection:
    """A connection to the warehouse as long as the process lives."""

    def __init__(self, connection: Connection, process: Process) -> None:
        self._connection = connection
        self._process = process

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        self._process.at("use")
        return getattr(self._connection, name)

    def commit(self) -> None:
        self._process.at("commit")
        self._connection.commit()
        self._process.at("committed")
