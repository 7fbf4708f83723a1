"""What is asked of the warehouse, and of DuckDB once the rows are collected there."""

# names come from the models' YAML, never from a user
# ruff: noqa: S608

from steps.export.catalogue import Dataset
from steps.export.columns import USER_KEY, Column

ROW_HASH = "row_hash"


def leaving(dataset: Dataset) -> str:
    """Read the table of a dataset, each column as it may leave."""
    expressions = ", ".join(column.expression for column in dataset.columns)
    return f"select {expressions} from {dataset.table}"


def versions(dataset: Dataset) -> str:
    """Find out what versions there are, two at most."""
    (column,) = map(_quoted, dataset.named("version"))
    return f"select distinct {column} from collected limit 2"


def renamed(dataset: Dataset) -> str:
    """Let the rows be of a version of another name."""
    (column,) = map(_quoted, dataset.named("version"))
    return f"update collected set {column} = $1"


def splits(dataset: Dataset, table: str) -> str:
    """Count the rows of each split."""
    (column,) = map(_quoted, dataset.named("split"))
    return f"select {column}, count(*) from {table} group by 1"


def rare(dataset: Dataset, k: int) -> str:
    """Collect the quasi-identifiers that fewer than k users share.

    Without any, all users share the same; rows about no user are never rare.
    """
    if not dataset.is_about_people:
        return "create table rare as select 1 as rows where false"
    shared = "".join(f"{_quoted(name)}, " for name in dataset.quasi_identifiers)
    return (
        f"create table rare as select {shared} count(distinct {USER_KEY}) as users "
        f"from collected group by all having users < {k:d}"
    )


def released(dataset: Dataset) -> str:
    """Leave out what is rare."""
    names = map(_quoted, dataset.quasi_identifiers if dataset.is_about_people else [])
    conditions = [
        f"rare.{name} is not distinct from collected.{name}" for name in names
    ]
    return (
        "create view released as select * from collected where not exists "
        f"(select 1 from rare where {' and '.join(['true', *conditions])})"
    )


def balance(dataset: Dataset, label: str) -> str:
    """Count the rows of each split by class of a label.

    Without classes, a number is counted by its sign, and a text if there is one.
    """
    (column,) = (column for column in dataset.columns if column.name == label)
    (split,) = map(_quoted, dataset.named("split"))
    name = _quoted(label)
    if column.values or column.data_type == "boolean":
        classes = f"{name}::varchar"
    elif column.data_type in ("bigint", "double precision"):
        signs = "when -1 then 'negative' when 0 then 'zero' else 'positive'"
        classes = f"case sign({name}) {signs} end"
    else:
        classes = "'any value'"
    return (
        f"select {split}, if({name} is null, 'null', {classes}), count(*) "
        "from released group by 1, 2 order by 1, 2"
    )


def ordered(dataset: Dataset, split: str) -> str:
    """Read the rows of a split with their hashes, by their keys.

    The hash breaks ties: keys hold the day of an instant, not the instant, and to sort
    by a double would make -0 of 0. Sorted by the pseudonyms, files of two consumers
    cannot be joined by position either.
    """
    (split_column,) = map(_quoted, dataset.named("split"))
    cells = " || ".join(map(_cell, dataset.written))
    columns = ", ".join(_quoted(column.name) for column in dataset.written)
    keys = ", ".join(map(_quoted, dataset.named("key")))
    return (
        f"select {columns}, sha256({cells}) as {ROW_HASH} from released "
        f"where {split_column} = '{split}' order by {keys}, {ROW_HASH}"
    )


def _cell(column: Column) -> str:
    """Write a value so that rows are equal if, and only if, their texts are."""
    name = _quoted(column.name)
    text = f"{name}::varchar"
    if column.data_type == "double precision":
        text = f"if(isnan({name}), 'nan', printf('%.17g', {name}))"
    return f"coalesce(strlen({text}) || ':' || {text} || ',', '-,')"


def _quoted(name: str) -> str:
    return f'"{name}"'
