"""The Parquet files of PostHog's exports, as raw rows.

Their schema: https://posthog.com/docs/cdp/batch-exports/s3. New columns may come, and
the properties are JSON text, of which only the named ones go any further.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import types

from loaders.posthog.slices.table_queries import EVENTS
from loaders.source_text import valid
from warehouse.errors import UserError

ROWS_PER_BATCH = 10_000
BUFFER_BYTES = 2**21
PROPERTIES = ("session_id", "os", "lib")
EVENT_ROWS = pa.schema(
    field.with_name(field.name.removeprefix("event_")) for field in EVENTS.schema
)
EVENTS_IN_FILE = pa.schema(
    [field for field in EVENT_ROWS if field.name not in PROPERTIES]
).append(pa.field("properties", pa.string()))
# As the query API gives it: the JSON without the quotes around it, and NULL if it is
# missing, empty or null.
PROPERTY = (
    "nullif(nullif(regexp_replace("
    "properties[{number}]::varchar, '^\"|\"$', '', 'g'), ''), 'null') as {name}"
)
EVENTS_OF_FILE = f"""
with named as (
    select * replace (
        case when json_valid(properties)
        then json_extract(properties, $paths) end as properties
    )
    from in_file
    where list_contains($names, event)
)
select
    * exclude (properties),
    {", ".join(PROPERTY.format(number=n, name=p) for n, p in enumerate(PROPERTIES, 1))}
from named
"""


@dataclass(frozen=True)
class ExportedFile:
    """A Parquet file that PostHog wrote.

    Attributes:
        name: what errors call it.
        content: opened; seekable.
    """

    name: str
    content: BinaryIO | pa.NativeFile

    @property
    def row_count(self) -> int:
        """The rows it has according to its footer.

        Raises:
            UserError: it cannot be read.
        """
        return self._parquet.metadata.num_rows

    def events(self, names: Iterable[str]) -> Iterator[pa.Table]:
        """Yield its events of these names, as `EVENT_ROWS`.

        Raises:
            UserError: it cannot be read to its end, or is no file of events.
        """
        paths = [f'$."${name}"' for name in PROPERTIES]
        values = {"names": list(names), "paths": paths}
        with duckdb.connect() as database:
            database.execute("set timezone = 'UTC'")
            for in_file in self.rows(EVENTS_IN_FILE):
                database.register("in_file", in_file)
                rows = database.execute(EVENTS_OF_FILE, values).to_arrow_table()
                if rows.num_rows:
                    yield rows.select(EVENT_ROWS.names).cast(EVENT_ROWS)

    def rows(self, schema: pa.Schema) -> Iterator[pa.Table]:
        """Yield all of its rows, with the columns of a schema.

        Raises:
            UserError: it cannot be read to its end, or has no such columns.
        """
        self._check(schema)
        columns, count = schema.names, 0
        with readable(self.name):
            for batch in self._parquet.iter_batches(ROWS_PER_BATCH, columns=columns):
                count += batch.num_rows
                # The times are documented as UTC: those without a zone are, too.
                rows = pa.table(batch).select(columns).cast(schema)
                yield valid(rows, f"posthog: {self.name}")
        if count != self.row_count:
            raise UserError(
                f"posthog: {self.name} has {self.row_count} rows but gave {count}; "
                "nothing of it is taken, load again"
            )

    @cached_property
    def _parquet(self) -> pq.ParquetFile:
        with readable(self.name):
            # With `pre_buffer`, it would keep all of its row groups in memory.
            return pq.ParquetFile(
                self.content, pre_buffer=False, buffer_size=BUFFER_BYTES
            )

    def _check(self, schema: pa.Schema) -> None:
        found = self._parquet.schema_arrow
        missing = [name for name in schema.names if name not in found.names]
        if missing:
            raise UserError(
                f"posthog: {self.name} lacks {', '.join(missing)}: a scheduled export "
                "of events or persons with the default columns has them"
            )
        for field in schema:
            kind = found.field(field.name).type
            if not _fits(kind, field.type):
                raise UserError(
                    f"posthog: {field.name} of {self.name} is {kind} and should be "
                    f"{field.type}: keep the files as PostHog writes them"
                )


@contextmanager
def readable(name: str) -> Iterator[None]:
    """Tell of a file that cannot be read, not of what is in it.

    Raises:
        UserError: reading it fails.
    """
    try:
        yield
    except PermissionError:
        raise UserError(
            f"posthog: {name} may not be read: give this account access to it"
        ) from None
    except (OSError, pa.ArrowException) as error:
        raise UserError(
            f"posthog: {name} cannot be read ({type(error).__name__}): it is cut off, "
            "damaged, gone or no Parquet; export or copy it again"
        ) from None


def _fits(found: pa.DataType, wanted: pa.DataType) -> bool:
    kinds = (types.is_timestamp, types.is_integer, types.is_boolean, _is_text)
    return any(kind(found) and kind(wanted) for kind in kinds)


def _is_text(kind: pa.DataType) -> bool:
    return types.is_string(kind) or types.is_large_string(kind)
