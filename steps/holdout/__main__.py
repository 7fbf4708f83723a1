"""The holdout: `python -m steps.holdout --campaign TITLE --day DAY --audience FILE`.

Data flow: the app's user ids that a push is meant for -> the seed push_holdouts, which
says who does not get it, and beside the audience a file of those who are to be sent it.
"""

import argparse
import sys
from datetime import date
from pathlib import Path

import pyarrow as pa
from adbc_driver_manager.dbapi import Connection

from loaders.privacy import hashed
from steps.holdout.audience import read_audience, recipients_path
from steps.holdout.lot import Campaign, held_out
from steps.holdout.sample_size import detectable_effect, people_required, read_usual
from steps.holdout.seed import SEED, drawn_before, only_draw, replace_draw
from steps.parameters import PushParameters, read_parameters
from warehouse.connection import connect_existing
from warehouse.console import command
from warehouse.errors import UserError
from warehouse.files import write_whole
from warehouse.origins import key_of_loads, read_origins
from warehouse.settings import SOURCE_VARIABLES, read_settings
from warehouse.tables import read, require_tables
from warehouse.text import clean

TABLES = [
    "seeds.push_parameters",
    "seeds.push_metrics",
    "intermediate.int_accounts",
    "intermediate.int_push_window_sums",
]
APP_ACCOUNTS = """
    select source_id_hash from intermediate.int_accounts where source_system = 'app'
"""
DEFAULT_SHARE = 0.1
# to see less takes more people than there are
SMALLEST_EFFECT = 0.0001


def draw(arguments: argparse.Namespace) -> list[str]:
    """Hold a share of the audience out, and write who they and the others are.

    Returns:
        Lines that say what was done, and what the audience can show.

    Raises:
        UserError: the audience, the seed or the warehouse is not as it should be;
            nothing is written then.
    """
    settings = read_settings()
    campaign = Campaign(arguments.campaign, arguments.day.isoformat())
    audience, share = arguments.audience, arguments.share
    ids = read_audience(audience)
    with only_draw() as rows:
        with connect_existing(settings.warehouse_url, is_read_only=True) as warehouse:
            origins = read_origins(warehouse, list(SOURCE_VARIABLES))
            hash_key = key_of_loads(origins, settings)
            require_tables(warehouse, TABLES)
            hashes = hashed(pa.chunked_array([ids]), hash_key).to_pylist()
            chosen = held_out(hashes, campaign, share, hash_key)
            if not 0 < len(chosen) < len(ids):
                raise UserError(
                    f"{audience}: of {len(ids):,} people the lot held out "
                    f"{len(chosen):,}: use a larger audience"
                )
            notes = _strangers(warehouse, hashes, audience)
            notes += _power(warehouse, arguments, len(ids), len(chosen))
        before = drawn_before(rows, campaign, share)
        recipients = recipients_path(audience)
        if not arguments.dry_run:
            # the seed first: nobody is to be sent a push whose holdout is not kept
            if before != chosen:
                replace_draw(rows, campaign, chosen, share)
            people = zip(ids, hashes, strict=True)
            others = [f"{one}\n" for one, name in people if name not in chosen]
            write_whole(recipients, others)
    if missing := len(before - chosen):
        notes.append(f"of an earlier draw {missing:,} are held out no more")
    return [
        f"{len(chosen):,} of {len(ids):,} people ({len(chosen) / len(ids):.1%}) are "
        f"held out of {campaign}: {SEED}",
        f"send it to the other {len(ids) - len(chosen):,} only: {recipients}",
        *notes,
        *(["nothing was written"] if arguments.dry_run else []),
    ]


def _strangers(warehouse: Connection, hashes: list[str], audience: Path) -> list[str]:
    """Say how many the warehouse does not know; they count nowhere."""
    known = set(read(warehouse, APP_ACCOUNTS)["source_id_hash"].to_pylist())
    strangers = sum(one not in known for one in hashes)
    if strangers == len(hashes):
        raise UserError(
            f"{audience}: the warehouse knows none of these people: it needs the app's "
            "user ids, or a load and a build first"
        )
    if not strangers:
        return []
    return [f"{strangers:,} of them are not known to the warehouse yet"]


def _power(
    warehouse: Connection, arguments: argparse.Namespace, people: int, chosen: int
) -> list[str]:
    """Say what the audience can show, and how many people the effect takes."""
    parameters: PushParameters = read_parameters(warehouse)
    effect, metric = arguments.effect or parameters.target_lift, arguments.metric
    usual = read_usual(warehouse, metric)
    smallest = f"fewer than {parameters.min_holdout_users:,} held out prove nothing"
    if usual is None:
        return [
            f"no {metric} followed a push yet, so how many people an effect takes is "
            f"not known; {smallest}"
        ]
    required = people_required(usual, effect, arguments.share, parameters)
    line = f"to see +{100 * effect:.3g}% of {metric} takes {required:,} people"
    if chosen < parameters.min_holdout_users:
        return [f"{line}: these are too few, and {smallest}"]
    if people >= required:
        return [f"{line}: these are enough"]
    shown = detectable_effect(usual, people, chosen, parameters)
    return [f"{line}: these show +{100 * shown:.3g}% or more"]


def parse_arguments() -> argparse.Namespace:
    """Read the command line; a wrong one ends it with exit code 2."""
    parser = argparse.ArgumentParser(
        prog="python -m steps.holdout", description="Draw who does not get a push."
    )
    parser.add_argument(
        "--campaign", required=True, type=_title, help="the title of the push"
    )
    parser.add_argument(
        "--day",
        required=True,
        type=_day,
        help="the UTC day on which it begins, such as 2026-12-01",
    )
    parser.add_argument(
        "--audience",
        required=True,
        type=Path,
        help="a file of the app's user ids, one a line",
    )
    parser.add_argument(
        "--share",
        default=DEFAULT_SHARE,
        type=_share,
        help="the share to hold out (%(default)s)",
    )
    parser.add_argument(
        "--effect",
        type=_effect,
        help="the lift to see, such as 0.1 for 10 %% (that of push_parameters)",
    )
    parser.add_argument(
        "--metric", default="sessions", help="what it is of (%(default)s)"
    )
    parser.add_argument("--dry-run", action="store_true", help="write nothing")
    return parser.parse_args()


def _title(text: str) -> str:
    title = clean(text)
    if title is None:
        raise argparse.ArgumentTypeError("it is empty")
    return title


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no day: use one such as 2026-12-01"
        ) from None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _share(text: str) -> float:
    if not 0 < _number(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number between 0 and 1")
    return float(text)


def _effect(text: str) -> float:
    if not SMALLEST_EFFECT <= _number(text) < float("inf"):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no number from {SMALLEST_EFFECT} on"
        )
    return float(text)


@command
def main() -> int:
    """Run the command; return its exit code."""
    sys.stdout.writelines(f"{line}\n" for line in draw(parse_arguments()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
