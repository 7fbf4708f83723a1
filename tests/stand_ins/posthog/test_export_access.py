"""Who may export what: keys, wishes, signed URLs, and what fails on the way."""

from datetime import timedelta

import pytest
import requests

from stand_ins.posthog import StandIn, faults
from stand_ins.posthog.access import API_KEY, SECRET_API_KEY, UNSCOPED_API_KEY
from stand_ins.posthog.export_runs import FILE_LIFETIME
from stand_ins.posthog.file_host import URL_LIFETIME
from stand_ins.posthog.interceptors import instead
from stand_ins.posthog.script import When
from tests.helpers.posthog.project import YESTERDAY, Clock
from tests.stand_ins.posthog.exports import (
    call,
    exported,
    finished,
    locate,
    start,
    wish,
)

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("key", "status"), [("", 401), ("phx_wrong", 401), (UNSCOPED_API_KEY, 403)]
)
def test_every_step_needs_the_key(stand_in: StandIn, key: str, status: int) -> None:
    run = start(stand_in)
    for method, path in (
        ("POST", ""),
        ("GET", f"{run}/"),
        ("GET", f"{run}/download/0"),
        ("POST", f"{run}/cancel/"),
    ):
        assert call(stand_in, method, path, key=key).status_code == status


def test_the_scope_that_is_missing_is_named(stand_in: StandIn) -> None:
    refused = call(stand_in, "POST", key=SECRET_API_KEY, **wish())
    assert refused.status_code == 403
    assert "'batch_export:write'" in refused.json()["detail"]


@pytest.mark.parametrize(
    "changes",
    [
        {"model": "sessions"},
        {"model": None},
        {"file": {"format": "CSV"}},
        {"file": {"compression": "zip"}},
        {"file": "Parquet"},
        {"data_interval_start": "garbage"},
        {"data_interval_end": (YESTERDAY - DAY).isoformat()},
        {"data_interval_end": (YESTERDAY + 7 * DAY + HOUR).isoformat()},
        {"include": "one"},
        {"exclude": {"one": 1}},
        {"model": {}},
    ],
)
def test_a_bad_wish_is_refused(stand_in: StandIn, changes: dict[str, object]) -> None:
    refused = call(stand_in, "POST", **{**wish(), **changes})
    assert (refused.status_code, refused.json()["type"]) == (400, "validation_error")


def test_seven_days_are_not_too_long(stand_in: StandIn) -> None:
    assert len(exported(stand_in, end=YESTERDAY + 7 * DAY)) == 1


@pytest.mark.parametrize("path", ["nothing/", "nothing/download/0"])
def test_an_unknown_run_is_not_found(stand_in: StandIn, path: str) -> None:
    assert call(stand_in, "GET", path).status_code == 404


@pytest.mark.parametrize("part", ["1", "nothing"])
def test_an_unknown_file_is_not_found(stand_in: StandIn, part: str) -> None:
    run = finished(stand_in)
    assert call(stand_in, "GET", f"{run}/download/{part}").status_code == 404


@pytest.fixture
def location(stand_in: StandIn) -> str:
    """The pre-signed URL of a file."""
    return locate(stand_in, finished(stand_in))


def test_the_file_host_is_another_and_refuses_a_key(
    stand_in: StandIn, location: str
) -> None:
    assert not location.startswith(stand_in.address.host)
    headers = {"Authorization": f"Bearer {API_KEY}"}
    refused = requests.get(location, headers=headers, timeout=30)
    assert refused.status_code == 400
    assert b"Only one auth mechanism allowed" in refused.content
    assert requests.get(location, timeout=30).status_code == 200


def test_a_signature_needs_to_be_right(location: str) -> None:
    for url in (location[:-1] + "?", location.partition("?")[0]):
        assert requests.get(url, timeout=30).status_code == 403
    assert requests.post(location, timeout=30).status_code == 405


def test_a_url_and_a_file_expire(
    stand_in: StandIn, clock: Clock, location: str
) -> None:
    clock.sleep(URL_LIFETIME.total_seconds())
    expired = requests.get(location, timeout=30)
    assert (expired.status_code, b"Request has expired" in expired.content) == (
        403,
        True,
    )
    [run] = stand_in.exports.runs
    assert requests.get(locate(stand_in, run), timeout=30).status_code == 200
    clock.sleep(FILE_LIFETIME.total_seconds())
    assert "expired" in call(stand_in, "GET", f"{run}/download/0").json()["detail"]


@pytest.mark.parametrize(
    ("endpoint", "method", "path", "status"),
    [
        ("export", "POST", "", 409),  # the run was started all the same
        ("poll", "GET", "{}/", 200),
        ("download", "GET", "{}/download/0", 302),
    ],
)
def test_every_step_can_fail(
    stand_in: StandIn, endpoint: str, method: str, path: str, status: int
) -> None:
    path = path.format(finished(stand_in))
    body = wish() if method == "POST" else {}
    stand_in.faults.play(faults.fails(503), When(endpoint))
    statuses = [call(stand_in, method, path, **body).status_code for _ in range(2)]
    assert statuses == [503, status]
    assert stand_in.journal.of(endpoint)[-2].status == 503


def test_a_start_can_fail_before_the_run(stand_in: StandIn) -> None:
    stand_in.faults.intercept(instead(faults.fails(503)), When("export"))
    statuses = [call(stand_in, "POST", **wish()).status_code for _ in range(2)]
    assert statuses == [503, 202]


def test_a_file_can_break_off(stand_in: StandIn, location: str) -> None:
    whole = requests.get(location, timeout=30).content
    stand_in.faults.play(faults.ends_early, When("file"))
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        requests.get(location, timeout=30)
    stand_in.faults.play(faults.is_no_json, When("file"))
    half = requests.get(location, timeout=30).content
    assert half == whole[: len(whole) // 2]
    assert requests.get(location, timeout=30).content == whole
