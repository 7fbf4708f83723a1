"""How well two raters agree, beyond what chance alone would bring."""

from collections import Counter
from collections.abc import Hashable, Sequence


def accuracy(truth: Sequence[Hashable], answers: Sequence[Hashable]) -> float | None:
    """Return the share of answers that are right; None for no answers.

    >>> accuracy(["yes", "no", "no", "no"], ["yes", "no", "yes", "no"])
    0.75
    """
    if not truth:
        return None
    return sum(map(_equal, truth, answers)) / len(truth)


def kappa(truth: Sequence[Hashable], answers: Sequence[Hashable]) -> float | None:
    """Return Cohen's kappa; None where chance alone explains all agreement.

    >>> kappa(["yes", "no", "no", "no"], ["yes", "no", "yes", "no"])
    0.5
    """
    observed, count = accuracy(truth, answers), len(truth)
    if observed is None:
        return None
    in_truth, in_answers = Counter(truth), Counter(answers)
    expected = sum(in_truth[one] * in_answers[one] for one in in_truth) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _equal(one: Hashable, other: Hashable) -> bool:
    return one == other
