"""Whether intervals of shares that a sample estimates hold the truth as often as told.

Days are simulated: strata of a thousand people and more, of which `insight_tiers` draws
its samples, and outliers, who are all asked about. Each person answers or not; the
estimate weighs with the inverse probabilities, and the interval is the macro's.
"""

import csv

import duckdb
import jinja2
import numpy as np
import pyarrow as pa
import pytest

from tests.conftest import REPOSITORY

SAMPLES = 2_000
with (REPOSITORY / "seeds" / "insight_tiers.csv").open() as seed:
    SIZES = {row["tier"]: int(row["sample_size"] or 0) for row in csv.DictReader(seed)}


def bound(sign: str) -> str:
    """Return the SQL of a bound, as the macro has it."""
    macro = (REPOSITORY / "macros" / "wilson_bound.sql").read_text()
    module = jinja2.Template(macro).make_module()  # noqa: S701 - it is SQL
    return str(module.wilson_bound("share", "inverse_size", sign))


def simulated(
    strata: list[int], shares: list[float], sample_size: int, outliers: int
) -> tuple[float, float]:
    """Return how often the intervals hold the share of all people, and the bias."""
    rng = np.random.default_rng(20261129)
    # who is drawn does not hang on the answer, so the number of them is hypergeometric
    people = np.array(strata)
    drawn = np.minimum(people, sample_size)
    having = rng.binomial(people, shares, (SAMPLES, len(strata)))
    found = rng.hypergeometric(having, people - having, drawn)
    certain = rng.binomial(outliers, 0.5, SAMPLES)
    weights = people / drawn
    total = people.sum() + outliers
    table = pa.table(
        {
            "truth": (having.sum(axis=1) + certain) / total,
            "share": (found @ weights + certain) / total,
            "inverse_size": np.full(
                SAMPLES, (drawn * weights * (weights - 1)).sum() / total**2
            ),
        }
    )
    with duckdb.connect() as connection:
        connection.register("samples", table)
        query = (
            f"select avg(cast(truth between {bound('-')} and {bound('+')} as double)), "  # noqa: S608
            f"avg(share - truth) from samples"
        )
        return connection.execute(query).fetchone()


@pytest.mark.parametrize(
    ("strata", "shares", "tier", "outliers"),
    [
        ([300] * 10, [0.3] * 10, "stratified_sample", 0),
        ([2000, 900, 300, 100, 60, 41, 40, 9], [0.3] * 8, "stratified_sample", 0),
        ([800] * 8, [0.1, 0.2, 0.2, 0.3, 0.3, 0.3, 0.4, 0.5], "stratified_sample", 50),
        ([300] * 10, [0.04] * 10, "stratified_sample", 0),
        ([20_000], [0.1], "fixed_sample", 200),
    ],
)
def test_intervals_hold_the_truth_as_often_as_told(
    strata: list[int], shares: list[float], tier: str, outliers: int
) -> None:
    coverage, bias = simulated(strata, shares, SIZES[tier], outliers)
    assert 0.93 <= coverage <= 0.97
    assert abs(bias) < 0.003
