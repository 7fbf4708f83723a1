"""Mode lake: what PostHog's scheduled exports write to a folder or a bucket.

Its Parquet files are those in the folders `events` and `persons`; without a folder
`events`, all but the persons are events.
"""

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
from pyarrow.fs import FileInfo, FileSelector, FileSystem

from loaders.posthog.modes.lake_manifests import complete_files
from loaders.posthog.modes.lake_persons import PERSONS_IN_FILE, newest_persons
from loaders.posthog.modes.parquet import ExportedFile, readable
from warehouse.errors import UserError
from warehouse.files import open_folder


@dataclass(frozen=True, order=True)
class LakeFile:
    """A file as it was at one moment: written anew, it is another one.

    Attributes:
        path: within the lake.
        size: in bytes.
        modified_ns: when it was written, in nanoseconds since 1970.
    """

    path: str
    size: int
    modified_ns: int

    @property
    def key(self) -> str:
        """Its name in a ledger."""
        return f"{self.path}#{self.size}#{self.modified_ns}"

    @property
    def modified_at(self) -> datetime:
        """When it was written."""
        return datetime.fromtimestamp(self.modified_ns // 10**9, UTC)


@dataclass(frozen=True)
class Lake:
    """The exports in a folder.

    Attributes:
        root: the path of the folder in the file system.
    """

    filesystem: FileSystem
    root: str

    def list_files(self, model: str = "events") -> list[LakeFile]:
        """Return the complete Parquet files of a model, by path.

        Args:
            model: events or persons.

        Raises:
            UserError: the folder cannot be listed or holds no events, or a file that
                a manifest lists is not there.
        """
        infos = {info.path: info for info in self._list(model)}
        files = complete_files(self.filesystem, infos.keys())
        if model == "events" and not files:
            raise UserError(
                f"POSTHOG_EXPORT_DIR: {self.root} holds no complete export of events; "
                "check the path, and that the format of the export is Parquet"
            )
        return [
            LakeFile(
                posixpath.relpath(path, self.root),
                infos[path].size,
                infos[path].mtime_ns,
            )
            for path in files
        ]

    def read_events(self, file: LakeFile, names: Sequence[str]) -> Iterator[pa.Table]:
        """Yield the events of these names in a file, as `parquet.EVENT_ROWS`.

        Raises:
            UserError: it cannot be read to its end, or is no file of events.
        """
        with self.open(file) as exported:
            yield from exported.events(names)

    def read_persons(self, files: Sequence[LakeFile]) -> tuple[pa.Table, pa.Table]:
        """Return the rows of persons and of person_distinct_ids of all files.

        Raises:
            UserError: one cannot be read to its end, or is no file of persons.
        """
        return newest_persons(self._person_rows(files))

    @contextmanager
    def open(self, file: LakeFile) -> Iterator[ExportedFile]:
        """Open a file.

        Raises:
            UserError: it cannot be opened.
        """
        with readable(file.path):
            path = posixpath.join(self.root, file.path)
            content = self.filesystem.open_input_file(path)
        with content:
            yield ExportedFile(file.path, content)

    def _person_rows(self, files: Sequence[LakeFile]) -> Iterator[pa.Table]:
        for file in files:
            with self.open(file) as exported:
                yield from exported.rows(PERSONS_IN_FILE)

    def _list(self, model: str) -> list[FileInfo]:
        """Return what is in the folder of a model."""
        try:
            selector = FileSelector(self.root, recursive=True)
            infos = self.filesystem.get_file_info(selector)
        except (FileNotFoundError, NotADirectoryError):
            raise UserError(
                f"POSTHOG_EXPORT_DIR: {self.root} is not a folder; check the path"
            ) from None
        except (OSError, pa.ArrowException) as error:
            raise UserError(
                f"POSTHOG_EXPORT_DIR: {self.root} cannot be listed "
                f"({type(error).__name__}); check it, and this account's access"
            ) from None
        events, persons = (f"{self.root}/{name}/" for name in ("events", "persons"))
        if model == "persons":
            return [info for info in infos if info.path.startswith(persons)]
        return [info for info in infos if info.path.startswith(events)] or [
            info for info in infos if not info.path.startswith(persons)
        ]


def open_lake(location: str) -> Lake:
    """Return the lake at a path, or at a URL such as s3://bucket/folder.

    Raises:
        UserError: such a URL cannot be opened.
    """
    return Lake(*open_folder(location, "POSTHOG_EXPORT_DIR"))
