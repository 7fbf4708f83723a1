"""PostHog: whether it answers, by whose clock, and how much it holds."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from rich.filesize import decimal

from loaders.check.finding import Finding
from loaders.check.server import MOST_SECONDS_APART
from loaders.posthog import event_names, open_api, query_mode
from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.failures import TooLargeError
from loaders.posthog.modes.lake_files import open_lake
from loaders.posthog.modes.query import LAG, events_slice
from loaders.posthog.slices.planner import Planner
from loaders.posthog.slices.slice import EXPORT, LAKE, Buckets, Slice, Window
from loaders.posthog.slices.table_queries import PERSON_DISTINCT_IDS, PERSONS
from warehouse.errors import UserError
from warehouse.postgres import LOCAL_HOSTS
from warehouse.settings import Settings

DAY = timedelta(days=1)
PLACE = "posthog"


def check_posthog(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of the configured project, by its mode.

    Raises:
        UserError: a variable is missing or wrong, or PostHog cannot be read.
    """
    if settings.posthog_mode == LAKE:
        yield from _check_lake(settings)
        if not settings.posthog_api_key:
            return
    api = open_api(settings)
    mode = query_mode(api)
    until = mode.until()
    yield Finding(PLACE, f"{settings.posthog_host} answers, the key may query")
    address = urlsplit(settings.posthog_host)
    if address.scheme != "https" and address.hostname not in LOCAL_HOSTS:
        text = "the key goes there readable for others: write https:// in POSTHOG_HOST"
        yield Finding(PLACE, text, is_well=False)
    apart = abs((until + LAG - datetime.now(UTC)).total_seconds())
    if settings.copied_at is None and apart > MOST_SECONDS_APART:
        yield Finding(
            PLACE,
            f"its clock and that of this machine are {apart:,.0f} seconds apart: set "
            "this one by a time server",
            is_well=False,
        )
    if settings.posthog_mode == EXPORT:
        yield Finding(PLACE, "whether the key may export shows at the first export")
    names = event_names()
    day = events_slice(Window(until - DAY, until), names)
    rows = mode.planner.tally(day).rows
    kinds = f"the {len(names)} kinds of events in loaders/contract.yml"
    yield Finding(PLACE, f"{rows:,} of {kinds} came in the last day")
    for query in (PERSONS, PERSON_DISTINCT_IDS):
        yield _counted(Planner(PostHogClient(api), query), query.table, query.key)


def _counted(planner: Planner, table: str, key: str) -> Finding:
    try:
        return Finding(PLACE, f"{table}: {planner.tally(Slice(Buckets(key))).rows:,}")
    except TooLargeError:
        return Finding(PLACE, f"{table}: too many to be counted at once")


def _check_lake(settings: Settings) -> Iterator[Finding]:
    if not settings.posthog_export_dir:
        raise UserError("posthog: POSTHOG_MODE is lake: set POSTHOG_EXPORT_DIR too")
    lake = open_lake(settings.posthog_export_dir)
    for model in ("events", "persons"):
        files = lake.list_files(model)
        size = decimal(sum(file.size for file in files))
        text = f"{model}: {len(files)} files of {size}"
        if files:
            newest = max(files, key=lambda file: file.modified_ns)
            with lake.open(newest) as exported:
                rows = exported.row_count
            text += f", the newest, of {newest.modified_at:%Y-%m-%d %H:%M} UTC, "
            text += f"has {rows:,} rows"
        yield Finding("POSTHOG_EXPORT_DIR", text)
