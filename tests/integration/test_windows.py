from collections import defaultdict
from datetime import UTC, timedelta
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from tests.conftest import ENGINES
from tests.integration.brute_force import (
    activity_times,
    campaign_deliveries,
    count_between,
    fetch,
)
from tests.integration.conftest import Warehouse

ALL_METRICS = (
    "sessions",
    "closet_adds",
    "wishlist_adds",
    "offers_created",
    "offers_accepted",
    "trade_machine_clicks",
    "confirmed_trades",
)


@pytest.fixture(scope="module")
def deliveries(sources: dict[str, str]) -> dict[tuple, dict]:
    return campaign_deliveries(sources["NEON_DATABASE_URL"])


@pytest.fixture(scope="module")
def times(sources: dict[str, str], world: Path) -> dict[tuple[str, str], list]:
    return activity_times(sources["NEON_APP_DATABASE_URL"], world / "posthog")


@pytest.fixture(scope="module")
def user_keys(warehouses: dict[str, Warehouse]) -> dict[str, str]:
    """The user_key of each app user who shares it with no other."""
    rows = warehouses["duckdb"].rows(
        "select source_id, user_key from core.bridge_user_identities "
        "where source_system = 'app'"
    )
    users_of_key = defaultdict(list)
    for row in rows:
        users_of_key[row["user_key"]].append(row["source_id"])
    return {users[0]: key for key, users in users_of_key.items() if len(users) == 1}


@pytest.fixture(scope="module")
def campaign_keys(warehouses: dict[str, Warehouse]) -> dict[tuple, str]:
    rows = warehouses["duckdb"].rows(
        "select campaign_key, title, layer_id, sent_at from core.dim_campaigns"
    )
    return {
        (row["title"], row["layer_id"], row["sent_at"]): row["campaign_key"]
        for row in rows
    }


def recipients_of(warehouse: Warehouse) -> dict[tuple[str, str], dict]:
    rows = warehouse.rows("select * from core.fct_push_recipients")
    return {(row["campaign_key"], row["user_key"]): row for row in rows}


def test_campaigns_are_the_clusters_of_sends(
    deliveries: dict, campaign_keys: dict
) -> None:
    expected = {
        (title, layer, first.astimezone(UTC)) for title, layer, first in deliveries
    }
    assert set(campaign_keys) == expected


@pytest.mark.parametrize("engine", ENGINES)
def test_window_counts_equal_a_brute_force_count(
    engine: str,
    warehouses: dict[str, Warehouse],
    deliveries: dict,
    times: dict,
    user_keys: dict,
    campaign_keys: dict,
) -> None:
    recipients = recipients_of(warehouses[engine])
    counted = {
        (row["campaign_key"], row["user_key"], row["metric"]): (
            row["baseline_count"],
            row["post_count"],
        )
        for row in warehouses[engine].rows("select * from core.fct_push_windows")
    }
    checked = on_boundary = 0
    for campaign, sent_to in deliveries.items():
        for user, sent_at in sent_to.items():
            recipient = recipients.get((campaign_keys[campaign], user_keys.get(user)))
            if recipient is None:  # test campaigns, shared keys
                continue
            assert recipient["sent_at"] == sent_at
            start = sent_at - timedelta(hours=recipient["baseline_hours"])
            end = sent_at + timedelta(hours=48)
            for metric in ALL_METRICS:
                moments = times.get((user, metric), [])
                expected = (
                    count_between(moments, start, sent_at),
                    count_between(moments, sent_at, end),
                )
                key = (campaign_keys[campaign], user_keys[user], metric)
                if recipient["is_incomplete"]:  # of a window that is still open
                    assert counted.get(key, (0, None)) == (expected[0], None)
                    continue
                assert counted.get(key, (0, 0)) == expected, key
                on_boundary += sum(at in (start, sent_at, end) for at in moments)
                checked += 1
    assert checked > 4000
    assert on_boundary > 0, "the world has events exactly on a boundary"


def test_a_full_history_gives_the_full_baseline(
    warehouses: dict[str, Warehouse], sources: dict[str, str], user_keys: dict
) -> None:
    signups = {
        user_keys[user]: signed_up_at
        for user, signed_up_at in fetch(
            sources["NEON_APP_DATABASE_URL"], "select id::text, created_at from users"
        )
        if user in user_keys
    }
    recipients = recipients_of(warehouses["duckdb"])
    [tracking] = warehouses["duckdb"].rows(
        "select min(date_trunc('day', occurred_at)) as started_at "
        "from core.fct_user_activity where source_system = 'posthog'"
    )
    full = 0
    for (_, user_key), recipient in recipients.items():
        observed_from = tracking["started_at"]
        if user_key in signups and signups[user_key] <= observed_from:
            hours = (recipient["sent_at"] - observed_from) // timedelta(hours=1)
            assert recipient["baseline_hours"] == min(720, hours)
            full += hours >= 720
    assert full > 100


def test_statistics_agree_with_scipy(
    warehouses: dict[str, Warehouse], deliveries: dict, times: dict, user_keys: dict
) -> None:
    duckdb = warehouses["duckdb"]
    recipients = recipients_of(duckdb)
    users = {key: user for user, key in user_keys.items()}
    by_campaign = defaultdict(list)
    for (campaign_key, user_key), recipient in recipients.items():
        if recipient["is_included"]:
            by_campaign[campaign_key].append((users.get(user_key), recipient))
    checked = 0
    for row in duckdb.rows(
        "select * from aggregates.agg_push_campaign_lift inner join "
        "aggregates.agg_push_lift_diagnostics using (campaign_key, metric)"
    ):
        sample = by_campaign[row["campaign_key"]]
        if row["observed_status"] != "ok" or any(user is None for user, _ in sample):
            continue
        before, after = [], []
        for user, recipient in sample:
            sent_at, hours = recipient["sent_at"], recipient["baseline_hours"]
            moments = times.get((user, row["metric"]), [])
            start = sent_at - timedelta(hours=hours)
            before.append(24 / hours * count_between(moments, start, sent_at))
            end = sent_at + timedelta(hours=48)
            after.append(count_between(moments, sent_at, end) / 2)
        expected = stats.ttest_rel(after, before)
        assert row["recipients"] == len(sample)
        assert row["observed_t"] == pytest.approx(expected.statistic, rel=1e-10)
        assert row["observed_p"] == pytest.approx(expected.pvalue, rel=1e-10)
        lift = np.subtract(after, before)
        assert row["observed_median"] == pytest.approx(np.median(lift), abs=1e-12)
        checked += 1
    assert checked > 0
