"""Which days of which people the warehouse has chosen, and what the settings are."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from itertools import groupby
from typing import Any

from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError
from warehouse.tables import read, require_tables

CANDIDATES = "intermediate.int_insight_candidates"
IDENTITIES = "core.bridge_user_identities"
NEWEST_DAY = f"select max(day) as day from {CANDIDATES}"  # noqa: S608 - our own name
CHOSEN = """
    select
        candidates.user_key, candidates.day,
        candidates.day_starts_at, candidates.day_ends_at,
        identities.source_id as account_id
    from {candidates} as candidates
    inner join {identities} as identities
        on candidates.user_key = identities.user_key
        and identities.source_system = 'assistant'
    where
        candidates.is_chosen
        and candidates.day between date '{since}' and date '{until}'
    order by candidates.day, candidates.user_key, identities.source_id
"""


@dataclass(frozen=True)
class PersonDay:
    """One person's day.

    Attributes:
        account_ids: what the source calls the person.
    """

    user_key: str
    day: date
    starts_at: datetime
    ends_at: datetime
    account_ids: tuple[str, ...]


LIMITS = {
    "min_group_people": (1, 10**6),
    "lookback_days": (1, 3660),
    "max_prompt_characters": (100, 10**7),
    "max_themes": (1, 1000),
    "min_accuracy": (0, 1),
    "min_kappa": (-1, 1),
}


@dataclass(frozen=True)
class Thresholds:
    """The part of the one-row seed `insight_thresholds` that the step needs."""

    min_group_people: int
    lookback_days: int
    max_prompt_characters: int
    max_themes: int
    min_accuracy: float
    min_kappa: float


def read_thresholds(connection: Connection) -> Thresholds:
    """Read the settings.

    Raises:
        UserError: the seed does not hold exactly one complete row that makes sense.
    """
    names = [field.name for field in fields(Thresholds)]
    query = f"select {', '.join(names)} from seeds.insight_thresholds"  # noqa: S608
    rows = read(connection, query).to_pylist()
    if len(rows) != 1 or None in rows[0].values():
        raise UserError(
            "seeds/insight_thresholds.csv needs one complete row: mend it, then run "
            "`dbt seed`"
        )
    thresholds = Thresholds(**rows[0])
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(thresholds, name) <= most:
            raise UserError(
                f"{name} of seeds/insight_thresholds.csv is not from {least:,} to "
                f"{most:,}: mend it, then run `dbt seed`"
            )
    return thresholds


def newest_day(connection: Connection) -> date | None:
    """Return the last day on which somebody was active; None if nobody ever was.

    Raises:
        UserError: the candidates are not built.
    """
    require_tables(connection, [CANDIDATES, IDENTITIES])
    return read(connection, NEWEST_DAY)["day"][0].as_py()


def chosen_days(connection: Connection, since: date, until: date) -> list[PersonDay]:
    """Return the chosen days of some dates, in a fixed order."""
    query = CHOSEN.format(
        candidates=CANDIDATES, identities=IDENTITIES, since=since, until=until
    )
    return list(_grouped(read(connection, query).to_pylist()))


def _grouped(rows: list[dict[str, Any]]) -> Iterator[PersonDay]:
    """Put the accounts of one person together, which come one after the other."""
    for _, group in groupby(rows, lambda row: (row["day"], row["user_key"])):
        accounts = list(group)
        first = accounts[0]
        yield PersonDay(
            first["user_key"],
            first["day"],
            first["day_starts_at"],
            first["day_ends_at"],
            tuple(row["account_id"] for row in accounts),
        )
