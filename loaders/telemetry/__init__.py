"""What commands here record of themselves, and what apps write in the same form.

Data flow: logs/telemetry, and TELEMETRY_DIR if it is set -> staging_telemetry. `lines`
reads files, `samples` and `otlp` what a line says, `catalogue` whether it may be
stored, and `landing` keeps it with how far was read.
Run alone: `python -m loaders telemetry`.
"""

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from adbc_driver_manager.dbapi import Connection

from loaders.contract import Table, tables_of
from loaders.landed import count_rows
from loaders.telemetry.catalogue import Sample, read_catalogue
from loaders.telemetry.landing import Landing
from loaders.telemetry.lines import files_of, new_lines
from loaders.telemetry.samples import read_line
from warehouse.errors import UserError
from warehouse.settings import Settings
from warehouse.telemetry import DIRECTORY
from warehouse.text import printable

logger = logging.getLogger(__name__)

SOURCE = "telemetry"
WAREHOUSE, APP = "warehouse", "app"
PLACES = {WAREHOUSE: SOURCE, APP: "TELEMETRY_DIR"}
REPEATED = "they came before, and count once"
SAMPLES_PER_BATCH = 50_000


@contextmanager
def open_source(settings: Settings) -> Iterator[list["SamplesTable"]]:
    """Yield the table of samples."""
    if settings.telemetry == "off":
        logger.info("TELEMETRY=off: what commands take is not recorded")
    folders = {WAREHOUSE: DIRECTORY} if os.path.exists(DIRECTORY) else {}
    if settings.telemetry_dir:
        folders[APP] = Path(settings.telemetry_dir)
    [samples] = tables_of(SOURCE)
    yield [SamplesTable(samples, folders, settings.copied_at)]


@dataclass
class SamplesTable:
    """The samples in the files of some folders, by whose they are.

    Attributes:
        copied_at: when the files were, if that is known.
    """

    table: Table
    folders: dict[str, Path]
    copied_at: datetime | None = None
    _rejected: Counter[str] = field(default_factory=Counter, init=False)
    _first: dict[str, str] = field(default_factory=dict, init=False)

    def land(self, connection: Connection, _: str, is_repeated: bool = False) -> int:
        """Land what was written since the last load.

        Args:
            connection: to the warehouse; every batch is committed.
            is_repeated: read everything anew; what has landed stays.

        Returns:
            How many samples and files were rejected.

        Raises:
            UserError: the folder of an app cannot be read.
        """
        landing = Landing(connection, self.table)
        # Whoever created the table anew may have been another load.
        if is_repeated or not count_rows(connection, self.table):
            landing.forget()
        catalogue, now = read_catalogue(), datetime.now(UTC)
        if self.copied_at:
            now = max(now, self.copied_at)  # the demo's world may end after today
        read = partial(read_line, catalogue=catalogue, totals=landing.totals, now=now)
        try:
            for feed, folder in self.folders.items():
                for path in self._files_of(feed, folder):
                    self._land_file(landing, feed, path, read)
        finally:
            for reason, count in self._rejected.items():
                logger.warning(
                    "telemetry: %s rejected: %s; the first in %s",
                    f"{count:,}",
                    reason,
                    self._first[reason],
                )
        return self._rejected.total()

    def _files_of(self, feed: str, folder: Path) -> list[Path]:
        """Return the files of a folder; that we cannot record ourselves stops nothing.

        Raises:
            UserError: the folder of an app cannot be read.
        """
        try:
            return files_of(folder, PLACES[feed])
        except UserError as problem:
            if feed == APP:
                raise
            self._reject(str(problem), str(folder))
            return []

    def _land_file(
        self, landing: Landing, feed: str, path: Path, read: Callable
    ) -> None:
        samples, line = [], None

        def land() -> None:
            repeated = landing.land(samples, feed, line.file_id, line.place)
            if repeated:
                self._reject(REPEATED, path.name, repeated)
            samples.clear()

        try:
            for line in new_lines(path, landing.places):
                for one in read(line.text):
                    if isinstance(one, Sample):
                        samples.append(one)
                    else:
                        self._reject(str(one), f"{path.name}, byte {line.start}")
                if len(samples) >= SAMPLES_PER_BATCH:
                    land()
        except UserError as problem:
            self._reject(str(problem), path.name)
        if line:
            land()

    def _reject(self, reason: str, place: str, count: int = 1) -> None:
        self._rejected[reason] += count
        self._first.setdefault(reason, printable(place))
