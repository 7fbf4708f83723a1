"""`python -m steps.holdout`: who is held out, who is sent the push, what that shows."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from scipy import stats

from tests.helpers.kill_points import Killed
from tests.steps.holdout.holdout_warehouse import (
    HEADER,
    KEY,
    SEED,
    SESSIONS,
    held_out,
    hmac_of,
    run_holdout,
    seed_rows,
    user_ids,
    write_audience,
    write_project,
)
from warehouse.settings import DEMO_HASH_KEY

PEOPLE = user_ids(10_000)


@pytest.fixture(autouse=True)
def project(working_directory: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    url = f"duckdb:///{working_directory}/warehouse.duckdb"
    write_project(working_directory, url, PEOPLE)
    write_audience(working_directory, PEOPLE)
    monkeypatch.setenv("WAREHOUSE_URL", url)
    monkeypatch.setenv("PII_HASH_KEY", KEY)
    return working_directory


def sent(folder: Path) -> list[str]:
    return (folder / "audience.recipients.txt").read_text().splitlines()


def lot(share: float, title: str = "Trade, now") -> set[str]:
    """Draw as the docs say: by the HMAC of the campaign and the person's hash."""
    hashes = [hmac_of(one) for one in PEOPLE]
    return {
        one
        for one in hashes
        if int(hmac_of(f"holdout\n{title}\n2026-12-01\n{one}"), 16) / 16**64 < share
    }


def test_it_writes_who_is_held_out_and_who_is_sent_the_push(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, errors = run_holdout(capsys, "--share", "0.1")
    assert (code, errors) == (0, "")
    expected = lot(0.1)
    # 10,000 draws of .1 are within 4 standard errors
    assert abs(len(expected) - 1000) < 4 * 30
    assert seed_rows(project) == [
        {
            "push_title": "Trade, now",
            "send_date": "2026-12-01",
            "account_hash": one,
            "planned_share": "0.1",
        }
        for one in sorted(expected)
    ]
    assert sent(project) == [one for one in PEOPLE if hmac_of(one) not in expected]
    count, share = len(expected), f"{len(expected) / 10_000:.1%}"
    assert printed.splitlines()[:2] == [
        f'{count:,} of 10,000 people ({share}) are held out of "Trade, now" on '
        "2026-12-01: seeds/push_holdouts.csv",
        f"send it to the other {10_000 - count:,} only: audience.recipients.txt",
    ]
    assert not set(PEOPLE) & set(printed.split())


def test_the_lot_is_of_the_person_the_campaign_and_the_key_alone(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_holdout(capsys)
    first = held_out(project)
    few = PEOPLE[:6999:-1]
    write_audience(project, [one.upper() for one in few])
    printed = run_holdout(capsys)[1]
    assert held_out(project) == first & {hmac_of(one) for one in few}
    gone = len(first) - len(held_out(project))
    assert f"of an earlier draw {gone} are held out no more\n" in printed
    run_holdout(capsys, campaign="Sell")
    run_holdout(capsys, day="2026-12-02")
    draws = (
        held_out(project),
        held_out(project, "Sell"),
        held_out(project, day="2026-12-02"),
    )
    # two lots of .1 have .01 of 3000 people in common: 30, with a deviation of 5.4
    for one, other in ((0, 1), (0, 2), (1, 2)):
        assert abs(len(draws[one] & draws[other]) - 30) < 4 * 5.4
    run_holdout(capsys, "--share", "0.3", campaign="Sell more")
    run_holdout(capsys, "--share", "0.1", campaign="Sell more", day="2026-12-03")
    assert abs(len(held_out(project, "Sell more")) - 900) < 4 * 25.1


def test_a_second_run_changes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for day in ("2026-12-02", "2026-12-01"):
        printed = run_holdout(capsys, day=day)
    before = (project / SEED).read_bytes(), sent(project)
    assert held_out(project, day="2026-12-02")
    write_audience(project, PEOPLE[::-1])
    assert run_holdout(capsys) == printed
    assert ((project / SEED).read_bytes(), sorted(sent(project))) == (
        before[0],
        sorted(before[1]),
    )


def test_a_dry_run_writes_nothing(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, _ = run_holdout(capsys, "--dry-run")
    assert (code, printed.splitlines()[-1]) == (0, "nothing was written")
    assert (project / SEED).read_text() == HEADER
    assert not (project / "audience.recipients.txt").exists()


@pytest.mark.parametrize("moment", range(1, 5))
def test_killed_it_leaves_the_old_seed_or_the_new_one(
    moment: int,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    run_holdout(capsys, campaign="Before")
    old = (project / SEED).read_bytes()
    moments = iter(range(1, 5))

    def killable(act: Callable) -> Callable:
        def acted(*arguments: object) -> object:
            if next(moments) == moment:
                raise Killed
            return act(*arguments)

        return acted

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", killable(os.fsync))
        patch.setattr(Path, "replace", killable(Path.replace))
        with pytest.raises(Killed):
            run_holdout(capsys)
    killed = (project / SEED).read_bytes()
    assert run_holdout(capsys)[0] == 0
    new = (project / SEED).read_bytes()
    assert killed == (old if moment <= 2 else new)
    assert held_out(project) == lot(0.1)
    assert len(sent(project)) == len(PEOPLE) - len(lot(0.1))
    assert not list(project.rglob("*.unfinished"))


def power(people: int, share: float, effect: float) -> float:
    """Return the power of the two-sample t test, by its textbook formula."""
    deviation = 0.75188**0.5
    df = people - 2
    distance = effect * 0.5 / deviation * (people * share * (1 - share)) ** 0.5
    return stats.nct.sf(stats.t.ppf(0.975, df), df, distance)


@pytest.mark.parametrize(("share", "effect"), [(0.1, 0.4), (0.5, 0.1), (0.3, 0.25)])
def test_how_many_people_an_effect_takes(
    share: float, effect: float, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ("--share", str(share), "--effect", str(effect))
    printed = run_holdout(capsys, *options)[1]
    line = printed.splitlines()[2]
    assert line.startswith(f"to see +{100 * effect:.3g}% of sessions takes ")
    people = int(line.split("takes ")[1].split(" ")[0].replace(",", ""))
    if share * people > 501:
        assert power(people, share, effect) == pytest.approx(0.8, abs=0.002)
    else:
        # what a holdout needs at least decides
        assert people == -(-500 // share)
        assert power(people, share, effect) > 0.8
    if people <= 10_000:
        assert line.endswith(": these are enough")
    else:
        shown = float(line.split("these show +")[1].split("%")[0]) / 100
        assert power(10_000, share, shown) == pytest.approx(0.8, abs=0.01)


def test_a_small_audience_is_told_so(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_audience(project, PEOPLE[:999])
    assert (
        run_holdout(capsys)[1]
        .splitlines()[2]
        .endswith("these are too few, and fewer than 500 held out prove nothing")
    )


def test_without_a_push_so_far_the_draw_goes_on(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, printed, _ = run_holdout(capsys, "--metric", "trades")
    assert (code, printed.splitlines()[2]) == (
        0,
        "no trades followed a push yet, so how many people an effect takes is not "
        "known; fewer than 500 held out prove nothing",
    )
    assert held_out(project) == lot(0.1)


def test_people_the_warehouse_does_not_know_are_told_of(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_audience(project, user_ids(10_003)[-5000:])
    printed = run_holdout(capsys)[1]
    assert "3 of them are not known to the warehouse yet\n" in printed


@pytest.mark.parametrize(
    ("audience", "message"),
    [
        (None, "audience.txt cannot be read: No such file or directory"),
        ("\n \n", "audience.txt is empty: it needs the app's user ids, one a line\n"),
        (f"user_id\n{PEOPLE[0]}\n", "audience.txt: line 1 is no user id of the app "),
        (f"{PEOPLE[0]},ann@example.com\n", "audience.txt: line 1 is no user id of "),
        (
            f"{PEOPLE[0]}\n{PEOPLE[1]}\n{PEOPLE[0].upper()}\n",
            "audience.txt has 1 of its user ids more than once: ",
        ),
        (f"{user_ids(10_001)[-1]}\n", "audience.txt: of 1 people the lot held "),
        (
            "".join(f"{one}\n" for one in user_ids(10_100)[-100:]),
            "audience.txt: the warehouse knows none of these people: ",
        ),
    ],
)
def test_another_audience_is_refused_in_one_line(
    audience: str | None,
    message: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project / "audience.txt").unlink()
    if audience is not None:
        (project / "audience.txt").write_text(audience)
    refused(project, run_holdout(capsys), message)


def refused(project: Path, found: tuple[int, str, str], message: str) -> None:
    code, printed, errors = found
    assert (code, printed) == (1, "")
    assert errors.startswith(f"error: {message}")
    assert errors.count("\n") == 1
    assert "example.com" not in errors
    assert "-0000-" not in errors
    assert (project / SEED).read_text() == HEADER
    assert not (project / "audience.recipients.txt").exists()


@pytest.mark.parametrize("key", ["", "another key, long enough", DEMO_HASH_KEY])
def test_another_key_would_hold_nobody_out(
    key: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PII_HASH_KEY", key)
    message = "PII_HASH_KEY is not the key this warehouse was loaded with: set that key"
    refused(project, run_holdout(capsys), message)


def test_an_unknown_metric(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = run_holdout(capsys, "--metric", "votes")
    refused(project, found, "--metric: there is no votes; use one of sessions, trades")


@pytest.mark.parametrize(
    "options",
    [
        *(("--share", share) for share in ("0", "1", "-0.1", "10%", "nan")),
        *(("--effect", effect) for effect in ("0", "1e-300", "inf", "much")),
        ("--day", "01.12.2026"),
        ("--campaign", "\u200b "),
    ],
)
def test_a_wrong_option(
    options: tuple[str, str], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, errors = run_holdout(capsys, *options)
    assert code == 2
    assert f"error: argument {options[0]}: " in errors
    assert (project / SEED).read_text() == HEADER


def test_a_campaign_is_drawn_with_one_share(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_holdout(capsys)
    before = (project / SEED).read_bytes()
    for options in ((), ("--dry-run",)):
        assert run_holdout(capsys, "--share", "0.2", *options) == (
            1,
            "",
            'error: "Trade, now" on 2026-12-01 is drawn with the share 0.1: use that '
            "one, or, if nothing was sent yet, delete its rows from "
            "seeds/push_holdouts.csv\n",
        )
    assert (project / SEED).read_bytes() == before


def test_a_share_may_be_written_in_any_way(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run_holdout(capsys)
    drawn = (project / SEED).read_text().replace(",0.1\n", ",0.10\n")
    (project / SEED).write_text(drawn)
    assert run_holdout(capsys, "--share", "0.1")[0] == 0
    # nobody else is drawn, so nothing is written
    assert (project / SEED).read_text() == drawn


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no seeds/push_holdouts.csv: run this in the folder of "),
        ("campaign_key,account_hash\n", "seeds/push_holdouts.csv has not the columns "),
        (f"{HEADER}Sell,2026-12-01\n", "seeds/push_holdouts.csv has not the columns "),
    ],
)
def test_another_seed_is_refused(
    content: str | None,
    message: str,
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (project / SEED).unlink()
    if content is not None:
        (project / SEED).write_text(content)
    code, _, errors = run_holdout(capsys)
    assert (code, errors.count("\n")) == (1, 1)
    assert errors.startswith(f"error: {message}")
    assert content is None or (project / SEED).read_text() == content


def test_it_reads_postgres_too(
    project: Path,
    new_warehouse: Callable,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url = new_warehouse("postgres")
    write_project(project, url, PEOPLE[:900], [SESSIONS, SESSIONS])
    monkeypatch.setenv("WAREHOUSE_URL", url)
    write_audience(project, PEOPLE[:902])
    code, printed, errors = run_holdout(capsys, "--share", "0.5")
    assert (code, errors) == (0, "")
    lines = printed.splitlines()
    assert lines[2] == "2 of them are not known to the warehouse yet"
    # (1.960 + 0.842)^2 * 0.751 / (0.1 * 0.5)^2 in one group of four quarters
    assert lines[3].startswith("to see +10% of sessions takes 9,4")
