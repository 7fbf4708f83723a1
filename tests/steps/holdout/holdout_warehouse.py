"""What `python -m steps.holdout` finds: a warehouse, a seed and an audience."""

import csv
import hashlib
import hmac
import sys
import uuid
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pytest

from steps.holdout.__main__ import main
from tests.steps.lift.counts import SUMS
from tests.steps.warehouses import parameter_table, write_tables
from warehouse.origins import hash_key_id

KEY = "a key of the tests"
HEADER = "push_title,send_date,account_hash,planned_share\n"
SEED = "seeds/push_holdouts.csv"
# of 400 recipients 100 had 2 sessions: a mean of .5 and a variance of .75188
SESSIONS = {"recipients": 400, "sum_post": 200, "sum_post_squared": 400}


def hmac_of(text: str, key: str = KEY) -> str:
    """Return what `openssl dgst -sha256 -hmac` prints."""
    return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest()


def user_ids(count: int) -> list[str]:
    """Return as many ids of the app."""
    return [str(uuid.UUID(int=number * 7919)) for number in range(1, count + 1)]


def write_project(
    folder: Path, url: str, known: Iterable[str], sums: Iterable[dict] = (SESSIONS,)
) -> None:
    """Write an empty seed, and a warehouse that was loaded with KEY and built."""
    (folder / "seeds").mkdir(exist_ok=True)
    (folder / SEED).write_text(HEADER, encoding="utf-8")
    named = {"campaign_key": "spring", "metric": "sessions"}
    hashes = [hmac_of(one) for one in known]
    write_tables(
        url,
        {
            "staging_neon._loads": pa.table(
                {"data_origin": ["real"], "hash_key_id": [hash_key_id(KEY)]}
            ),
            "seeds.push_parameters": parameter_table(),
            "seeds.push_metrics": pa.table({"metric": ["sessions", "trades"]}),
            "intermediate.int_accounts": pa.table(
                {"source_system": ["app"] * len(hashes), "source_id_hash": hashes}
            ),
            "intermediate.int_push_window_sums": pa.Table.from_pylist(
                [named | one for one in sums], SUMS
            ),
        },
    )


def write_audience(folder: Path, ids: Iterable[str]) -> None:
    """Write the file audience.txt."""
    (folder / "audience.txt").write_text("".join(f"{one}\n" for one in ids))


def run_holdout(
    capsys: pytest.CaptureFixture[str],
    *more: str,
    campaign: str = "Trade, now",
    day: str = "2026-12-01",
) -> tuple[int, str, str]:
    """Run the command in this folder; return its exit code and what it printed."""
    given = ("--campaign", campaign, "--day", day, "--audience", "audience.txt")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["holdout", *given, *more])
        try:
            code = main()
        except SystemExit as end:
            code = end.code
    return code, *capsys.readouterr()


def seed_rows(folder: Path) -> list[dict[str, str]]:
    """Read the seed."""
    with (folder / SEED).open(newline="") as file:
        return list(csv.DictReader(file))


def held_out(
    folder: Path, campaign: str = "Trade, now", day: str = "2026-12-01"
) -> set[str]:
    """Return whom the seed holds out of a campaign."""
    return {
        row["account_hash"]
        for row in seed_rows(folder)
        if (row["push_title"], row["send_date"]) == (campaign, day)
    }
