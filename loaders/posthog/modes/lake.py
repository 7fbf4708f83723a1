"""Mode lake: events and persons from the files of PostHog's scheduled exports."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from loaders.contract import Table
from loaders.posthog.modes.lake_files import Lake, LakeFile
from loaders.posthog.slices.fetch import Verified
from loaders.posthog.slices.ledger import SliceLedger
from loaders.posthog.slices.slice import LAKE, Buckets, Names, Slice, Window


@dataclass(frozen=True)
class LakeMode:
    """Reads events from files, each file once.

    Attributes:
        names: the events to load.
    """

    lake: Lake
    names: tuple[str, ...]
    _files: dict[str, LakeFile] = field(default_factory=dict, init=False)

    def plan(self, ledger: SliceLedger) -> Iterator[Slice]:
        """Yield the files, with the events that have not been taken from them.

        Raises:
            UserError: the folder cannot be read.
        """
        loaded = ledger.loaded_files()
        for file in self.lake.list_files():
            names = [name for name in self.names if (file.key, name) not in loaded]
            if names:
                self._files[file.key] = file
                yield Slice(
                    Buckets("distinct_id"),
                    Buckets("uuid"),
                    names=Names(tuple(names)),
                    window=Window(end=file.modified_at),
                    mode=LAKE,
                    file=file.key,
                )

    def fetch(self, part: Slice) -> Verified:
        """Read a file; its rows are as many as its footer says.

        Raises:
            UserError: it cannot be read to its end.
        """
        file = self._files[part.file]
        return Verified(part, self.lake.read_events(file, part.names.names), 1)


@dataclass(frozen=True)
class LakePersons:
    """The persons, or their distinct ids, as the newest files tell.

    Attributes:
        persons: gives the rows of persons and of person_distinct_ids.
        at: which of both.
    """

    table: Table
    persons: Callable[[], tuple[pa.Table, pa.Table]]
    at: int

    def read(self, _: datetime | None, __: pa.Table | None) -> Iterator[pa.Table]:
        """Yield all rows."""
        yield self.persons()[self.at]
