"""A session of Spark, with the part of the DB-API that this project uses.

Spark has no transactions: each statement stands once it has run.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, Self

import pyarrow as pa

from warehouse.dialect import SPARK
from warehouse.spark import close_session, failure, open_session

if TYPE_CHECKING:
    from pyspark.sql.connect.session import SparkSession


def _explained(method: Callable) -> Callable:
    """Let a method raise what the other drivers raise."""

    @wraps(method)
    def explaining(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401
        from pyspark.errors import PySparkException

        try:
            return method(*arguments, **options)
        except PySparkException as error:
            # what lies below quotes rows
            raise failure(error) from None

    return explaining


class SparkCursor:
    """Runs one statement after the other, and fetches what it returns as Arrow."""

    def __init__(self, session: "SparkSession") -> None:
        """Take the session that the statements run in."""
        self._session = session
        self._frame = None
        self._rows: Iterator[tuple] | None = None

    @_explained
    def execute(self, query: str, parameters: Sequence | None = None) -> None:
        """Run a statement; what `?` stands for comes as parameters.

        Raises:
            Error: it does not run.
        """
        self._rows = None
        self._frame = self._session.sql(query, args=[*(parameters or [])] or None)

    def fetch_record_batch(self) -> pa.RecordBatchReader:
        """Return the rows as the cluster sends them."""
        tables = self._tables()
        first = next(tables)

        def batches() -> Iterator[pa.RecordBatch]:
            yield from first.to_batches()
            for table in tables:
                yield from table.to_batches()

        return pa.RecordBatchReader.from_batches(first.schema, batches())

    def _tables(self) -> Iterator[pa.Table]:
        client = self._session.client
        plan = self._frame._plan.to_proto(client)
        answers = client.to_table_as_iterator(plan, {})
        advance = _explained(lambda: next(answers, None))
        while (answer := advance()) is not None:
            if isinstance(answer, pa.Table):  # the others are its types as Spark's
                yield answer

    def fetch_arrow_table(self) -> pa.Table:
        """Return all rows."""
        return self.fetch_record_batch().read_all()

    def fetchone(self) -> tuple | None:
        """Return the next row; None after the last."""
        if self._rows is None:
            columns = [one.to_pylist() for one in self.fetch_arrow_table().columns]
            self._rows = zip(*columns, strict=True)
        return next(self._rows, None)

    def fetchall(self) -> list[tuple]:
        """Return the rows that are left."""
        return list(iter(self.fetchone, None))

    @_explained
    def insert(self, place: str, rows: pa.Table, is_overwriting: bool = False) -> None:
        """Add rows to a table by their position, or put them in place of its own."""
        types = None
        if rows.num_rows == 0:
            rows, types = [], self._session.table(place).schema
        frame = self._session.createDataFrame(rows, types)
        frame.write.insertInto(place, overwrite=is_overwriting)

    def append(self, place: str, rows: pa.Table) -> None:
        """Add rows to a table by the names of its columns; what it has more is null."""
        self.execute(f"select * from {place} limit 0")  # noqa: S608 - our own names
        types = self.fetch_arrow_table().schema
        nulls = {
            field.name: pa.nulls(rows.num_rows, field.type)
            for field in types
            if field.name not in rows.column_names
        }
        # what the table lacks makes it fail, as it should
        extra = [name for name in rows.column_names if name not in types.names]
        known = {name: rows[name] for name in rows.column_names} | nulls
        in_order = [*types.names, *extra]
        self.insert(place, pa.table({name: known[name] for name in in_order}))

    def close(self) -> None:
        """Let go of what was not fetched."""
        self._frame = self._rows = None

    def __enter__(self) -> Self:
        """Return the cursor."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of what was not fetched."""
        self.close()


class SparkConnection:
    """A session of a Spark Connect server, which ends with it."""

    dialect = SPARK

    def __init__(self, url: str) -> None:
        """Open it.

        Raises:
            UserError: it does not open.
        """
        self.session = open_session(url)

    def cursor(self) -> SparkCursor:
        """Return what runs statements."""
        return SparkCursor(self.session)

    @_explained
    def has_table(self, place: str) -> bool:
        """Tell whether there is a table of a schema."""
        return self.session.catalog.tableExists(place)

    def commit(self) -> None:
        """Do nothing: each statement stands once it has run."""

    def rollback(self) -> None:
        """Do nothing: each statement stands once it has run."""

    def close(self) -> None:
        """End the session."""
        close_session(self.session)

    def __enter__(self) -> Self:
        """Return the connection."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the session."""
        self.close()
