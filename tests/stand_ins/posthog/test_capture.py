"""What the posthog SDK sends arrives in the stand-in."""

import gzip
import json

import pytest
import requests
from posthog import Posthog

from stand_ins.posthog import StandIn
from tests.helpers.posthog.project import YESTERDAY, Clock
from tests.stand_ins.posthog.client import rows


@pytest.mark.parametrize("is_gzipped", [True, False])
def test_the_sdk_can_send_events(
    stand_in: StandIn, clock: Clock, is_gzipped: bool
) -> None:
    errors: list[Exception] = []
    sdk = Posthog(
        stand_in.address.project_token,
        host=stand_in.address.host,
        gzip=is_gzipped,
        on_error=lambda error, _: errors.append(error),
        disable_geoip=True,
    )
    for number in range(3):
        sdk.capture(
            "Offer Created 🚀",
            distinct_id="user",
            properties={"price": number, "$session_id": "s"},
            timestamp=YESTERDAY,
            uuid=f"00000000-0000-4000-8000-00000000000{number}",
        )
    sdk.shutdown()
    assert not errors

    clock.sleep(60)
    answer = rows(
        stand_in,
        "select distinct_id, timestamp, created_at, properties.price, "
        "properties.$session_id, uuid from events where event like 'Offer%' "
        "order by properties.price limit 10",
    )
    assert answer == [
        [
            "user",
            "2026-10-30T08:00:00-04:00",
            "2026-10-31T08:00:00-04:00",
            str(number),
            "s",
            f"00000000-0000-4000-8000-00000000000{number}",
        ]
        for number in range(3)
    ]
    mapping = "select distinct_id, person_id from raw_person_distinct_ids"
    [[distinct_id, person_id]] = rows(stand_in, mapping)
    assert distinct_id == "user"
    assert rows(stand_in, "select id from persons") == [[person_id]]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"api_key": "phc_wrong", "batch": []}).encode(), 401),
        (b"nonsense", 400),
        (b"[]", 400),
        (gzip.compress(b"nonsense"), 400),
        (b'{"api_key": "phc_stand_in", "batch": [{"event": "no distinct id"}]}', 400),
    ],
)
def test_a_bad_batch_is_refused_whole(
    stand_in: StandIn, body: bytes, status: int
) -> None:
    url = f"{stand_in.address.host}/batch/"
    assert requests.post(url, data=body, timeout=30).status_code == status
    assert rows(stand_in, "select count() from persons") == [[0]]
