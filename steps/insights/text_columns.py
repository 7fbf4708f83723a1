"""What the source calls the columns that texts are read from: the contract says."""

from loaders.contract import tables_of
from loaders.database import check_tables
from loaders.snapshot import Snapshot
from loaders.source_columns import read_columns
from warehouse.errors import UserError

SOURCE = "assistant"
VARIABLE = "ASSISTANT_DATABASE_URL"
# The SQL that reads a column, by table and column.
Columns = dict[str, dict[str, str]]
# What the source may do without.
DEFAULTS = {
    "users": {
        "name": "null::text",
        "email": "null::text",
        "analytics_consent": "false",
        "deleted_at": "null",
    },
    "conversations": {"deleted_at": "null"},
    "messages": {},
}
# By what rows are looked up.
LOOKED_UP = {
    "users": "id",
    "conversations": "user_id",
    "messages": "conversation_id",
}


def text_columns(snapshot: Snapshot) -> tuple[Columns, dict[str, str]]:
    """Return the SQL that reads each column, and what the ids to look up are called.

    Raises:
        UserError: what is required is missing.
    """
    tables = [table for table in tables_of(SOURCE) if table.name in DEFAULTS]
    readable, problems = check_tables(snapshot, tables)
    if problems:
        raise UserError("; ".join(problems))
    columns, ids = {}, {}
    for one in readable:
        name = one.table.name
        columns[name] = DEFAULTS[name] | {
            column.name: column.expression for column in one.present
        }
        (ids[name],) = (
            column.found_as for column in one.present if column.name == LOOKED_UP[name]
        )
    found, _ = read_columns(snapshot, tables)
    # what does not land is read here alone
    if "name" in found["users"]:
        columns["users"]["name"] = '"name"::text'
    if "content" not in found["messages"]:
        raise UserError(
            f"{VARIABLE}: messages has no column content that its role may read: the "
            "texts are read from there"
        )
    columns["messages"]["content"] = '"content"::text'
    return columns, ids
