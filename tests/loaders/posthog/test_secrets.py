"""No key and nothing personal is told: in no error, log, ledger or state."""

import logging
from pathlib import Path

import pytest

from stand_ins.answers import Answer
from stand_ins.posthog import faults
from stand_ins.posthog.answers import failure
from tests.helpers.posthog.project import Project
from tests.helpers.posthog.warehouse import Warehouse
from warehouse.errors import UserError

PERSONAL = "ann@mail.example"


def test_nothing_secret_is_told(
    sliced: Project,
    warehouse: Warehouse,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    key = sliced.api.api_key
    sliced.add(5, first=5000, distinct_id=PERSONAL)

    def quotes(status: int) -> faults.Fault:
        detail = f"{key} was refused by\nthe gateway"
        return lambda _: failure(status, "error", detail)

    def quotes_in_content(_: Answer) -> Answer:
        return Answer(200, f'{{"error": "no {key}"}}'.encode())

    passing = [quotes(500), quotes(429), quotes_in_content, faults.resets]
    sliced.stand_in.faults.extend([*passing, faults.ends_early, quotes(403)])
    with pytest.raises(UserError) as refused:
        warehouse.land(sliced)
    warehouse.land(sliced)
    told = [
        str(refused.value),
        repr(refused.value),
        caplog.text,
        repr(warehouse.slices("*")),
        repr(warehouse.rows()),
        repr(sliced.client),
        *(file.read_bytes().decode("latin-1") for file in tmp_path.iterdir()),
    ]
    assert "*** was refused by the gateway" in told[0]
    assert "trying again" in caplog.text
    for secret in (key, PERSONAL):
        assert not any(secret in text for text in told)
