"""The seed push_holdouts: who was held out of which push."""

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from steps.holdout.lot import Campaign
from warehouse.errors import UserError, one_line
from warehouse.files import write_whole
from warehouse.lock import locked

SEED = Path("seeds/push_holdouts.csv")
COLUMNS = ("push_title", "send_date", "account_hash", "planned_share")
Rows = list[dict[str, str]]


@contextmanager
def only_draw() -> Iterator[Rows]:
    """Hold the seed of the project in this folder while one draws.

    Yields:
        Its rows.

    Raises:
        UserError: it is not there, has other columns, or another draw holds it.
    """
    if not SEED.is_file():
        raise UserError(
            f"there is no {SEED}: run this in the folder of the warehouse's project"
        )
    with locked(SEED.parent, "holdout"):
        yield _read()


def _read() -> Rows:
    try:
        with SEED.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{SEED} cannot be read: {one_line(error)}") from error
    is_whole = all(None not in row and None not in row.values() for row in rows)
    if tuple(reader.fieldnames or ()) != COLUMNS or not is_whole:
        raise UserError(
            f"{SEED} has not the columns {', '.join(COLUMNS)} in every line: restore it"
        )
    return rows


def drawn_before(rows: Rows, campaign: Campaign, share: float) -> set[str]:
    """Return who is held out of the campaign so far.

    Raises:
        UserError: they were drawn with another share.
    """
    drawn = [row for row in rows if _is_of(row, campaign)]
    others = {row["planned_share"] for row in drawn if not _is_share(row, share)}
    if others:
        raise UserError(
            f"{campaign} is drawn with the share {', '.join(sorted(others))}: "
            f"use that one, or, if nothing was sent yet, delete its rows from {SEED}"
        )
    return {row["account_hash"] for row in drawn}


def replace_draw(
    rows: Rows, campaign: Campaign, account_hashes: set[str], share: float
) -> None:
    """Write who is held out of the campaign in place of an earlier draw of it.

    Raises:
        UserError: the seed cannot be written.
    """
    others = [row for row in rows if not _is_of(row, campaign)]
    kept = [tuple(row[name] for name in COLUMNS) for row in others]
    drawn = [
        (campaign.title, campaign.send_date, account_hash, str(share))
        for account_hash in account_hashes
    ]
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([COLUMNS, *sorted(kept + drawn, key=_order)])
    write_whole(SEED, [text.getvalue()])


def _is_of(row: dict[str, str], campaign: Campaign) -> bool:
    return (row["push_title"], row["send_date"]) == (campaign.title, campaign.send_date)


def _is_share(row: dict[str, str], share: float) -> bool:
    try:
        return float(row["planned_share"]) == share
    except ValueError:
        return False


def _order(values: tuple[str, ...]) -> tuple[str, ...]:
    title, send_date, account_hash, _ = values
    return send_date, title, account_hash
