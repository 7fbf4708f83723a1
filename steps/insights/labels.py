"""The labelled conversations that the demo ships: texts, and what is true of them."""

import csv
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from steps.insights.candidates import PersonDay
from warehouse.errors import UserError

LISTS = ("blockers", "feature_areas")
FIELDS = (
    "primary_intent",
    "use_case",
    "value_seen",
    *LISTS,
    "satisfaction",
    "willingness_to_pay",
    "language",
)

Fields = dict[str, object]


@dataclass(frozen=True)
class Labels:
    """Some labelled days, and the database that has their texts.

    Attributes:
        truth: the fields by account and day.
    """

    url: str
    days: list[PersonDay]
    truth: dict[tuple[str, date], Fields]


@contextmanager
def labelled_days(count: int) -> Iterator[Labels]:
    """Serve the database of the demo, and yield some of its labelled days.

    Always the same ones: those of the smallest hashes.
    """
    import demo  # only the demo needs its server's library
    from demo.databases import running_postgres
    from demo.files import ASSISTANT_LABELS
    from demo.sources import POSTGRES

    if not demo.DIRECTORY.exists():
        demo.create_world(demo.DIRECTORY, demo.Scale())
    path = demo.DIRECTORY / ASSISTANT_LABELS
    if not path.exists():
        raise UserError(
            f"{demo.DIRECTORY} is of an older version, without labels: remove it, and "
            "it is made anew"
        )
    with path.open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=_rank)[:count]
    truth = {
        (row["user_id"], date.fromisoformat(row["day"])): _fields(row) for row in rows
    }
    days = [_person_day(*key) for key in sorted(truth, key=lambda key: key[::-1])]
    with running_postgres(demo.DIRECTORY / POSTGRES) as server:
        yield Labels(server.get_uri(database="assistant"), days, truth)


def comparable(fields: Fields) -> Fields:
    """Return fields of which two are equal that say the same."""
    return {
        name: frozenset(fields[name]) if name in LISTS else fields[name]
        for name in FIELDS
    }


def _rank(row: dict[str, str]) -> str:
    return hashlib.sha256(f"{row['user_id']} {row['day']}".encode()).hexdigest()


def _fields(row: dict[str, str]) -> Fields:
    lists = {name: row[name].split("|") if row[name] else [] for name in LISTS}
    score = int(row["satisfaction"]) if row["satisfaction"] else None
    return comparable(row | lists | {"satisfaction": score})


def _person_day(account: str, day: date) -> PersonDay:
    starts_at = datetime.combine(day, time(), UTC)
    return PersonDay(account, day, starts_at, starts_at + timedelta(days=1), (account,))
