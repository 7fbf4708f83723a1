"""The files of a world: reproducible, treacherous, and true to the truth file."""

import filecmp
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pytest

import demo
from demo.files import write_files
from demo.world import build_world
from demo.world.activity import ACTIONS, SCREEN, Activity, draw_activity
from demo.world.campaigns import METRICS, plan_campaigns
from demo.world.deliveries import send_all
from demo.world.draw import generator
from demo.world.effects import apply_effects
from demo.world.identities import draw_identities
from demo.world.people import draw_people
from demo.world.scale import HOUR
from tests.conftest import REPOSITORY, SMALL
from tests.helpers.leaks import leaked_values
from warehouse.errors import UserError

LISTED_EVENTS = (
    "$pageview",
    "$screen",
    "PDP add to closet",
    "PDP add to wishlist",
    "Closet Item Added",
    "Offer Created",
    "Offer Accepted",
    "Trade machine clicked",
)


def ask(directory: Path, sql: str) -> list[tuple]:
    """Query the world's PostHog files, each a table of the same name."""
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        for name in ("events", "persons", "person_distinct_ids"):
            file = directory / "posthog" / f"{name}.parquet"
            connection.execute(f"create view {name} as from '{file}'")
        return connection.execute(sql).fetchall()


def push_jobs(directory: Path) -> list[dict]:
    files = sorted((directory / "push_logs").glob("*.json"))
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def is_one_token_test(job: dict) -> bool:
    tokens = [batch["successfulTokens"] for batch in job["batches"]]
    return not job["request"]["dryRun"] and len(sum(tokens, [])) == 1


def test_same_scale_gives_identical_files(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        write_files(tmp_path / name, build_world(SMALL))
    first = {
        file.relative_to(tmp_path / "first")
        for file in (tmp_path / "first").rglob("*.*")
    }
    _, different, missing = filecmp.cmpfiles(
        tmp_path / "first", tmp_path / "second", first, shallow=False
    )
    assert len(first) > 100
    assert not different
    assert not missing


def test_another_seed_gives_another_world() -> None:
    small, other = build_world(SMALL), build_world(replace(SMALL, seed=2))
    assert small.truth != other.truth
    assert not small.posthog["events"].equals(other.posthog["events"])


def test_default_scale_has_the_campaigns_of_the_issue() -> None:
    plan = plan_campaigns(demo.Scale())
    layers = Counter(
        campaign.layer_id for campaign in plan if campaign.audience != "pilot"
    )
    assert (layers[1], layers[2], layers[3]) == (12, 7, 47)
    assert layers[4] >= 2
    assert layers[0] >= 1
    assert layers[5] >= 1


def count_after_push(activity: Activity, metric: str, sent_at: np.ndarray) -> int:
    """Count by hand what recipients did in the 48 hours after their delivery."""
    if metric == "sessions":
        is_page = activity.event_kind <= SCREEN
        seen = np.unique(activity.event_session[is_page])
        user, at = activity.session_user[seen], activity.session_start[seen]
    else:
        is_kind = activity.event_kind == ACTIONS[metric]
        user, at = activity.event_user[is_kind], activity.event_at[is_kind]
    delivered = sent_at[user]
    is_after = (delivered >= 0) & (at >= delivered)
    return int(np.count_nonzero(is_after & (at < delivered + 48 * HOUR)))


@pytest.mark.parametrize("lift", [0.5, -0.1])
def test_a_true_lift_changes_the_counts_by_that_much(lift: float) -> None:
    """With a single push to everyone, what changes is what that push does."""
    scale = demo.Scale()
    people = draw_people(scale, draw_identities(generator(scale, "any"), 2100))
    organic = draw_activity(scale, people)
    to_all = next(one for one in plan_campaigns(scale) if one.audience == "everyone")
    lifted = ("sessions", "closet_adds", "offers_accepted")
    lifts = {metric: lift * (metric in lifted) for metric in METRICS}
    push = replace(to_all, lifts=lifts)
    (sending,) = send_all(scale, people, organic, [push])
    changed = apply_effects(scale, people, organic, [sending])

    sent_at = sending.first_delivery(len(people))
    for metric in ("sessions", *ACTIONS):
        before = count_after_push(organic, metric, sent_at)
        after = count_after_push(changed, metric, sent_at)
        assert before > 50
        if metric in lifted:
            # Three standard deviations of the number of events touched.
            tolerance = 3 * (abs(lift) / before) ** 0.5
            assert after / before - 1 == pytest.approx(lift, abs=tolerance)
        else:
            assert after == before


def test_truth_names_each_audience_rule_and_effects_of_every_size(
    world: Path,
) -> None:
    campaigns = demo.read_truth(world)["campaigns"]
    assert {campaign["audience"] for campaign in campaigns} == {
        "everyone",
        "random",
        "interested",
        "just active",
        "lapsed",
        "new users",
    }
    lifts = Counter(lift for one in campaigns for lift in one["lifts"].values())
    assert set(lifts) == {0.0, 0.2, 0.5, -0.1, 1.0}
    assert lifts[0.0] > len(campaigns) * len(METRICS) / 2


def test_events_are_sent_again_under_the_same_uuid(world: Path) -> None:
    kinds = ask(
        world,
        """
        select
            date_diff('day', a.timestamp, b.timestamp) as days,
            a.properties <> b.properties as is_changed,
            count(*)
        from events as a
        inner join events as b
            on a.uuid = b.uuid and a.created_at < b.created_at
        group by all
        """,
    )
    assert {(days, is_changed) for days, is_changed, _ in kinds} == {
        (0, False),
        (0, True),
        (1, False),
    }
    assert sum(count for _, _, count in kinds) > 50


def test_events_arrive_late_and_from_wrong_clocks(world: Path) -> None:
    lateness = ask(
        world,
        """
        select distinct date_diff('minute', timestamp, created_at) from events
        where year(timestamp) = 2026
        """,
    )
    minutes = {minute for (minute,) in lateness}
    assert {3 * 60, 6 * 24 * 60, 40 * 24 * 60} <= minutes
    years = ask(world, "select distinct year(timestamp) from events")
    assert {1970, 2026, 2099} == {year for (year,) in years}


def test_events_outside_the_list_and_without_session_exist(
    world: Path,
) -> None:
    ((others, without_session, invalid),) = ask(
        world,
        f"""
        select
            count(*) filter (event not in {LISTED_EVENTS}),
            avg((properties->>'$."$session_id"' is null)::int),
            count(*) filter (not json_valid(properties))
        from events
        """,
    )
    assert others > 100
    assert 0.05 < without_session < 0.15
    assert invalid == 0


def test_a_tenth_of_the_distinct_ids_is_merged_into_users(
    world: Path,
) -> None:
    ((merged, used, total),) = ask(
        world,
        """
        with versions as (
            select distinct_id, count(distinct person_id) as persons
            from person_distinct_ids
            group by distinct_id
        )
        select
            count(*) filter (persons > 1),
            count(*) filter (
                persons > 1 and distinct_id in (select distinct_id from events)
            ),
            count(*)
        from versions
        """,
    )
    assert 0.07 < merged / total < 0.2
    assert used > 0


def test_most_live_jobs_are_one_token_tests(world: Path) -> None:
    live = [job for job in push_jobs(world) if not job["request"]["dryRun"]]
    tests = [job for job in live if is_one_token_test(job)]
    assert len(tests) / len(live) == pytest.approx(0.6, abs=0.03)


def test_push_logs_are_as_untidy_as_real_ones(world: Path) -> None:
    jobs = push_jobs(world)
    assert {job["status"] for job in jobs} == {"completed", "failed", "in_progress"}
    assert all(job["request"]["audienceSize"] == 0 for job in jobs)
    assert any("layerId" not in job["request"] for job in jobs)
    personalised = [job for job in jobs if "[[var:" in job["request"]["title"]]
    numbers = {
        (batch["batchNumber"], batch["totalBatches"])
        for job in personalised
        for batch in job["batches"]
    }
    assert numbers == {(1, 1)}
    assert max(len(job["batches"]) for job in personalised) > 20
    assert len({job["jobId"] for job in jobs}) == len(jobs) - 2
    hidden = [job for job in jobs if job["status"] == "in_progress"]
    assert sum(batch["successCount"] for job in hidden for batch in job["batches"]) > 0
    dry_runs = [job for job in jobs if job["request"]["dryRun"]]
    assert sum(batch["successCount"] for job in dry_runs for batch in job["batches"])
    assert all(
        batch["status"] == "success" for job in dry_runs for batch in job["batches"]
    )


def test_personal_values_are_found_wherever_they_stand(world: Path) -> None:
    (log, *_) = (world / "push_logs").glob("*.json")
    token = json.loads(log.read_text(encoding="utf-8"))["batches"][0]
    (token, *_) = token["successfulTokens"]
    leaked = leaked_values(world, f"sent to {token}, ok".encode())
    assert leaked == {token}
    ((properties,), *_) = ask(
        world, "select properties from events where properties like '%$set%'"
    )
    details = json.loads(properties)["$set"]
    leaked = leaked_values(world, properties.encode())
    assert {details["email"], details["name"]} <= leaked
    assert not leaked_values(world, b"nobody is named here")


def test_too_small_a_world_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 100 users"):
        demo.Scale(users=10)


def test_a_world_is_made_once(world: Path) -> None:
    before = (world / "truth.json").stat().st_mtime_ns
    demo.create_world(world, SMALL)
    assert (world / "truth.json").stat().st_mtime_ns == before


def test_another_scale_or_a_foreign_directory_is_left_alone(
    world: Path, tmp_path: Path
) -> None:
    with pytest.raises(UserError, match="holds another world"):
        demo.create_world(world, replace(SMALL, seed=2))
    with pytest.raises(UserError, match="no demo world"):
        demo.create_world(tmp_path, SMALL)


def test_the_command_prints_one_line_and_replaces_what_a_killed_run_left(
    tmp_path: Path,
) -> None:
    (tmp_path / ".world.partial").mkdir()
    (tmp_path / ".world.partial" / "truth.json").write_text("half", encoding="utf-8")
    command = [sys.executable, "-m", "demo", "--users", "100", "--days", "60"]
    command += ["--campaigns", "6", "--directory", str(tmp_path / "world")]
    for _ in range(2):
        run = subprocess.run(
            command, cwd=REPOSITORY, capture_output=True, text=True, check=True
        )
        assert len(run.stdout.splitlines()) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["world"]
