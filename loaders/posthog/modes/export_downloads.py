"""The files of an export run, from the host they are kept on to this machine.

They count once all are here and hold as many rows as the run has exported.
"""

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import BinaryIO

import pyarrow as pa

from loaders.posthog.api.failures import RefusedError, TransientError
from loaders.posthog.api.http import Api
from loaders.posthog.modes.parquet import EVENTS_IN_FILE, ExportedFile
from warehouse.errors import UserError

RUNS = 2
FETCHES = 2
GONE = (400, 404)
ROW = EVENTS_IN_FILE.remove(EVENTS_IN_FILE.get_field_index("properties"))


@dataclass(frozen=True)
class Downloads:
    """The files of a run that is completed.

    Attributes:
        path: of the run.
    """

    api: Api
    path: str

    def fetch(
        self, file_ids: Sequence[str], records: int, opened: ExitStack
    ) -> list[ExportedFile]:
        """Return all files of the run.

        Args:
            file_ids: of the files.
            records: how many rows the run has exported.
            opened: closes the files.

        Raises:
            TransientError: the files are gone or not complete: try another run.
            UserError: they cannot be fetched.
        """
        try:
            for _ in range(FETCHES):
                with ExitStack() as fetched:
                    files = [self._fetch(file_id, fetched) for file_id in file_ids]
                    lack = _lack(files, records)
                    if not lack:
                        opened.push(fetched.pop_all())
                        return files
        except RefusedError as error:
            if error.status not in GONE:
                raise
            lack = str(error).removeprefix("posthog: ")
        raise TransientError(lack, RUNS)

    def _fetch(self, file_id: str, fetched: ExitStack) -> ExportedFile:
        try:
            # It has no name: whatever ends this process, no personal data stay behind.
            content = fetched.enter_context(tempfile.TemporaryFile())  # noqa: SIM115
            self.api.retrying(lambda: self._save(file_id, content))
        except OSError as error:
            raise UserError(
                f"posthog: {tempfile.gettempdir()} cannot hold the files of an export "
                f"({error.strerror}); set TMPDIR to a folder with room"
            ) from error
        return ExportedFile(f"file {file_id} of an export run", content)

    def _save(self, file_id: str, content: BinaryIO) -> None:
        """Save a file, whose address is good for some time only."""
        address = self.api.redirect(f"{self.path}download/{file_id}")
        response = self.api.send("GET", address)
        if response.status_code != 200:
            response.close()
            raise TransientError(f"status {response.status_code} of the file host")
        content.seek(0)
        content.truncate()
        for chunk in self.api.chunks(response):
            content.write(chunk)
        size = str(content.tell())
        if response.headers.get("Content-Length", size) != size:
            raise TransientError("a file broke off")


def _lack(files: Sequence[ExportedFile], records: int) -> str:
    """Tell what the files lack; nothing if they are complete."""
    try:
        rows = sum(file.row_count for file in files)
        if rows > records:
            # An export may deliver a row twice, and then another one not at all.
            rows = _distinct_rows(files)
    except UserError as error:
        return str(error).removeprefix("posthog: ")
    return "" if rows == records else f"an export of {records} rows gave {rows}"


def _distinct_rows(files: Sequence[ExportedFile]) -> int:
    rows = pa.concat_tables(rows for file in files for rows in file.rows(ROW))
    return rows.group_by(ROW.names).aggregate([]).num_rows
