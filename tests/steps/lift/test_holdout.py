"""The randomised holdout against scipy and a regression."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from steps.lift.adjusted.cells import cells_of
from steps.lift.adjusted.comparison import Comparison
from steps.lift.adjusted.holdout import compare_randomised, sample_ratio_p
from tests.steps.lift.by_user import Loops, post
from tests.steps.lift.counts import PARAMETERS
from tests.steps.lift.people import Person, adjusted_of, cells, random_people


def randomised(people: list[Person]) -> Comparison:
    grouped = cells_of(cells(people))
    return compare_randomised(
        grouped.of(["recipient", "overlapping"]), grouped.of(["held_out"]), PARAMETERS
    )


def test_without_covariates_it_is_welchs_test() -> None:
    """But for HC3, which divides the variance of the controls by one less."""
    random = np.random.default_rng(2)
    sent, held = random.poisson(3, 300), random.poisson(2, 60)
    people = [
        Person("recipient", int(count), support_cell=10 + i % 5)
        for i, count in enumerate(sent)
    ]
    people += [Person("held_out", int(count)) for count in held]
    effect = randomised(people).effects["full_"]
    assert effect.lift == pytest.approx(sent.mean() / 2 - held.mean() / 2)
    variance = sent.var(ddof=1) / 4 / 300 + held.var(ddof=1) / 4 / 59
    assert effect.variance == pytest.approx(variance)
    welch = stats.ttest_ind(sent / 2, held / 2, equal_var=False)
    assert effect.df == pytest.approx(welch.df, rel=0.02)


def test_with_covariates_it_is_a_regression_on_the_held_out() -> None:
    arms = {"recipient": 400, "overlapping": 50, "held_out": 190}
    people = random_people(np.random.default_rng(4), arms)
    loops = Loops.__new__(Loops)
    loops.recipients = [p for p in people if p.arm in ("recipient", "overlapping")]
    loops.controls = [person for person in people if person.arm == "held_out"]
    loops.w = np.full(190, 1 / 190)
    lift, variance, df, size = loops.effect(post)
    found = randomised(people)
    effect = found.effects["full_"]
    assert effect.lift == pytest.approx(lift, abs=1e-6)
    assert effect.variance == pytest.approx(variance, rel=1e-6)
    assert effect.df == pytest.approx(df, rel=1e-6)
    assert found.regression.effective_size == pytest.approx(size, rel=1e-6)
    # it is more precise than the plain difference
    plain = [
        np.var([post(p) for p in group], ddof=1) / len(group)
        for group in (loops.recipients, loops.controls)
    ]
    assert variance < 0.5 * sum(plain)


@pytest.mark.parametrize(
    ("recipients", "held_out", "share"), [(900, 100, 0.1), (950, 50, 0.1), (0, 9, 0.5)]
)
def test_sample_ratio_agrees_with_scipy(
    recipients: int, held_out: int, share: float
) -> None:
    total = recipients + held_out
    expected = stats.chisquare(
        [recipients, held_out], [total * (1 - share), total * share]
    )
    found = sample_ratio_p(recipients, held_out, share)
    assert found == pytest.approx(expected.pvalue)


def test_no_plan_no_sample_ratio() -> None:
    assert np.isnan(sample_ratio_p(900, 0, np.nan))
    assert np.isnan(sample_ratio_p(0, 0, 0.1))


def audience(recipients: int, held_out: int, more: int = 1) -> list[Person]:
    """Return people who differ in nothing but the push, a tenth of them overlapping."""
    return [
        Person(
            "held_out"
            if i >= recipients
            else "overlapping"
            if i % 10 == 0
            else "recipient",
            post_count=i % 3 + (more if i < recipients else 0),
        )
        for i in range(recipients + held_out)
    ]


def test_a_holdout_is_the_best_design() -> None:
    row = adjusted_of(audience(5400, 600), planned_share=0.1)
    assert (row["design_tier"], row["design_reason"]) == ("T1", "ok")
    assert (row["matched_recipients"], row["controls"]) == (5400, 600)
    assert row["matched_share"] == 1
    assert row["effective_controls"] == pytest.approx(600)
    assert row["adjusted_lift"] == pytest.approx(0.5)
    assert row["adjusted_percent"] == pytest.approx(100)
    assert row["sample_ratio_p"] == pytest.approx(1)
    assert row["verdict"] == "significant_up"
    # randomised groups are compared whole
    assert (row["everyone_lift"], row["everyone_low"]) == (
        row["adjusted_lift"],
        row["adjusted_low"],
    )
    assert not row["is_contaminated"]


def test_a_holdout_of_another_size_than_planned() -> None:
    people = audience(5400, 600)
    people += [replace(person, arm="reachable") for person in people[-600:]]
    row = adjusted_of(people, planned_share=0.15)
    assert row["sample_ratio_p"] == pytest.approx(
        stats.chisquare([5400, 600], [5100, 900])[1]
    )
    assert (row["design_tier"], row["design_reason"]) == ("T3", "srm")
    assert row["verdict"] == "invalid_srm"
    assert (row["adjusted_lift"], row["adjusted_p"], row["controls"]) == (
        None,
        None,
        None,
    )


def test_a_planned_holdout_that_nobody_was_in() -> None:
    row = adjusted_of(audience(5400, 0), planned_share=0.1)
    assert row["sample_ratio_p"] < 1e-100
    assert (row["design_reason"], row["verdict"]) == ("srm", "invalid_srm")


@pytest.mark.parametrize(
    ("held_out", "active", "tier"), [(499, 400, "T3"), (500, 14, "T3"), (500, 15, "T1")]
)
def test_small_and_silent_holdouts_prove_nothing(
    held_out: int, active: int, tier: str
) -> None:
    people = audience(500, 0)
    people += [Person("held_out", int(i < active)) for i in range(held_out)]
    row = adjusted_of(people, planned_share=0.5)
    assert row["design_tier"] == tier
    if tier == "T3":
        assert row["design_reason"] == "no_controls"


def test_who_has_no_baseline_is_in_neither_group() -> None:
    """Users without enough unexposed hours are known before the push."""
    people = audience(5400, 600)
    people += [Person("recipient", 50, support_cell=-1) for _ in range(600)]
    row = adjusted_of(people, planned_share=0.1)
    assert (row["matched_recipients"], row["adjusted_lift"]) == (
        5400,
        pytest.approx(0.5),
    )
    assert row["matched_share"] == 0.9
    assert row["sample_ratio_p"] == pytest.approx(1)
