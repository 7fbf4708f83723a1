"""The persons and whose each distinct id is now: read whole in every load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

from loaders.contract import Table
from loaders.posthog.api.client import PostHogClient
from loaders.posthog.slices.fetch import Reader
from loaders.posthog.slices.slice import Buckets, Slice
from loaders.posthog.slices.table_queries import TableQuery


@dataclass(frozen=True)
class WholeTable:
    """A table that is read whole in every load, cut by the hash of its key."""

    table: Table
    client: PostHogClient
    table_query: TableQuery

    def read(self, _: datetime | None, __: pa.Table | None) -> Iterator[pa.Table]:
        """Yield all rows, each once."""
        reader = Reader(self.client, self.table_query)
        for verified in reader.read(Slice(Buckets(self.table_query.key))):
            for rows in verified.rows:
                yield rows.rename_columns(
                    [name.removeprefix("latest_") for name in rows.column_names]
                )
