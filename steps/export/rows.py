"""The rows of a dataset as they may leave, in a DuckDB file of their own.

There the rare ones are withheld and all get their order, whatever engine they come from
and however many they are: what does not fit into memory goes to disk.
"""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from steps.export import sql
from steps.export.catalogue import Dataset
from steps.export.columns import USER_KEY
from steps.export.pseudonyms import pseudonyms
from warehouse.errors import UserError
from warehouse.tables import stream

SPLITS = ("train", "validation", "test")
MEMORY_LIMIT = "1GB"
ROW_GROUP = 122_880
VERSION_NAME = re.compile(r"\d[0-9A-Za-z.-]*")
Counts = dict[str, int]


class Rows:
    """The rows of one dataset: first collected, then released unless too rare."""

    def __init__(self, dataset: Dataset, file: Path) -> None:
        """Make an empty table in a file that does not exist yet."""
        self._dataset = dataset
        self._database = duckdb.connect(file, config={"memory_limit": MEMORY_LIMIT})
        self._schema = pa.schema(
            [(column.name, column.type.arrow) for column in dataset.columns]
        )
        self._database.register("batch", self._schema.empty_table())
        self._database.execute("create table collected as select * from batch")

    def close(self) -> None:
        """Close the file."""
        self._database.close()

    def collect(self, warehouse: Connection, key: bytes) -> None:
        """Copy the rows of the warehouse, with the pseudonyms of a consumer.

        Raises:
            UserError: the table is not what dbt says it is, or a split is unknown.
        """
        self._database.begin()
        with closing(stream(warehouse, sql.leaving(self._dataset))) as batches:
            for batch in batches:
                self._database.register("batch", self._as_declared(batch, key))
                self._database.execute("insert into collected select * from batch")
        self._database.commit()
        unknown = self._splits("collected").keys() - set(SPLITS)
        if unknown:
            raise UserError(
                f"{self._dataset.table} has the split {unknown.pop()}: "
                f"use one of {', '.join(SPLITS)}"
            )

    def release(self, k: int) -> None:
        """Withhold rows whose quasi-identifiers fewer than k users share."""
        self._database.execute(sql.rare(self._dataset, k))
        self._database.execute(sql.released(self._dataset))

    def version(self) -> str | None:
        """Return the version of the collected rows; None if there are none.

        Raises:
            UserError: there are several, or it cannot be the name of a folder.
        """
        versions = [name for (name,) in self._fetch(sql.versions(self._dataset))]
        if not versions:
            return None
        if len(versions) > 1 or not VERSION_NAME.fullmatch(str(versions[0])):
            found = ", ".join(map(str, versions))
            raise UserError(
                f"{self._dataset.table} has the versions {found}: it needs one, such "
                "as 1.0.0-20261031; mend seeds/ai_datasets.csv and run `dbt build`"
            )
        return versions[0]

    def rename(self, name: str) -> None:
        """Let the rows be of a version of another name."""
        self._database.execute(sql.renamed(self._dataset), [name])

    def counts(self) -> tuple[Counts, Counts]:
        """Return how many rows of each split are released, and how many withheld."""
        collected, released = self._splits("collected"), self._splits("released")
        return (
            {split: released[split] for split in SPLITS},
            {split: collected[split] - released[split] for split in SPLITS},
        )

    def class_balance(self, label: str) -> dict[str, Counts]:
        """Return the rows of each split by class of a label."""
        balance: dict[str, Counts] = {split: {} for split in SPLITS}
        for split, label_class, rows in self._fetch(sql.balance(self._dataset, label)):
            balance[split][label_class] = rows
        return balance

    def ordered(self, split: str) -> Iterator[pa.Table]:
        """Yield the released rows of a split by their keys, with the hash of each row.

        All tables but the last have the same size, so that files come out the same.
        """
        query = sql.ordered(self._dataset, split)
        rest: pa.Table | None = None
        for batch in self._database.execute(query).to_arrow_reader(ROW_GROUP):
            table = pa.Table.from_batches([batch])
            rest = table if rest is None else pa.concat_tables([rest, table])
            while rest.num_rows >= ROW_GROUP:
                yield rest.slice(0, ROW_GROUP)
                rest = rest.slice(ROW_GROUP)
        if rest is not None and rest.num_rows:
            yield rest

    def _as_declared(self, batch: pa.RecordBatch, key: bytes) -> pa.Table:
        columns = [
            pseudonyms(column, key) if name == USER_KEY else column
            for name, column in zip(self._schema.names, batch.columns, strict=True)
        ]
        try:
            return pa.table(columns, names=self._schema.names).cast(self._schema)
        except pa.ArrowException:
            # whose message holds a value of a person
            raise UserError(
                f"{self._dataset.table} has values that do not fit the types of its "
                "columns in the YAML of its model: run `dbt build` to make it anew"
            ) from None

    def _splits(self, table: str) -> Counter[str]:
        return Counter(dict(self._fetch(sql.splits(self._dataset, table))))

    def _fetch(self, query: str) -> list[tuple]:
        return self._database.execute(query).fetchall()
