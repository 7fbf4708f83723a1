"""The files of the demo's metrics: readable, and with the faults of their truth."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial

import pytest

from demo.world import Scale
from demo.world.scale import END_AT
from demo.world.telemetry import FAULTS, Fault, telemetry_files
from loaders.telemetry.catalogue import Sample, read_catalogue
from loaders.telemetry.samples import read_line
from loaders.telemetry.totals import RunningTotals

Series = dict[tuple[str, str], list[Sample]]


@pytest.fixture(scope="module")
def samples() -> Series:
    """What the loader makes of the files, by metric and tags."""
    read = partial(
        read_line, catalogue=read_catalogue(), totals=RunningTotals({}), now=END_AT
    )
    series = defaultdict(list)
    for lines in telemetry_files(Scale()).values():
        for line in lines:
            for sample in read(json.dumps(line).encode()):
                assert isinstance(sample, Sample), sample
                series[sample.series.metric.name, sample.series.tags].append(sample)
    return series


def test_four_months_are_measured(samples: Series) -> None:
    days = {
        name: {sample.observed_at.date() for sample in series}
        for name, series in samples.items()
    }
    assert {len(of_series) for of_series in days.values()} == {120}
    assert {metric for metric, _ in samples} >= {
        "recorder.starts",
        "recorder.export_seconds",
        "recorder.errors",
        "recorder.memory",
        "night.stage_seconds",
    }


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.metric)
def test_a_fault_changes_its_series_by_its_factor(
    samples: Series, fault: Fault
) -> None:
    truth = fault.truth
    tags = json.dumps(truth["tags"], sort_keys=True)
    begin, until = (datetime.fromisoformat(truth[at]) for at in ("from", "until"))
    week = timedelta(days=7)

    def mean(start: datetime, end: datetime) -> float:
        chosen = [
            sample
            for sample in samples[truth["metric"], tags]
            if start <= sample.observed_at < end
        ]
        total = sum(sample.value * sample.sample_count for sample in chosen)
        return total / sum(sample.sample_count for sample in chosen)

    # on the same days of the week
    usual = mean(begin - week, min(until, begin + week) - week)
    if fault.kind == "trend":
        begin = until - timedelta(hours=1)
    assert mean(begin, min(until, begin + week)) / usual == pytest.approx(
        fault.factor, rel=0.35
    )
