"""The method of matched users once more, person by person, in plain loops."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from tests.steps.lift.people import Person

RIDGE = 1e-9


def by_place(people: list[Person]) -> dict[tuple[int, int], list[Person]]:
    """Group people by where they are matched."""
    groups = defaultdict(list)
    for person in people:
        groups[person.place].append(person)
    return groups


def post(person: Person) -> float:
    return person.post_count / 2


def known_before(person: Person, has_history: bool) -> np.ndarray:
    """Return the covariates of one person."""
    baseline = person.baseline_rate / 30
    values = [
        baseline,
        person.matched_rate / 24,
        person.week_count / 7,
        person.day_count,
        baseline**0.5,
    ]
    if has_history:
        long = baseline if person.long_rate is None else person.long_rate / 56
        values += [long, long**0.5]
    return np.array(values, dtype=float)


def ridge_fit(rows: list[np.ndarray], targets: list[float]) -> np.ndarray:
    """Fit ridge regression by ordinary least squares on a few more rows."""
    x, y = np.array(rows), np.array(targets)
    size = x.shape[1]
    penalty = RIDGE * (x**2).sum() / size
    x = np.vstack([x, np.sqrt(penalty) * np.eye(size)])
    return np.linalg.lstsq(x, np.concatenate([y, np.zeros(size)]))[0]


@dataclass
class Loops:
    """Recipients against controls at the push."""

    recipients: list[Person]
    controls: list[Person]
    has_history: bool

    def __post_init__(self) -> None:
        sent, free = by_place(self.recipients), by_place(self.controls)
        self.places = [place for place in sent if len(free[place]) >= 2]
        self.sent = {place: sent[place] for place in self.places}
        self.free = {place: free[place] for place in self.places}
        self.n = sum(len(people) for people in self.sent.values())
        self.share = self.n / len(self.recipients)
        self.theta = self._theta()

    def weight(self, place: tuple[int, int]) -> float:
        return len(self.sent[place]) / len(self.free[place])

    def _theta(self) -> np.ndarray:
        rows, targets = [], []
        for place, people in self.free.items():
            known = [known_before(person, self.has_history) for person in people]
            done = [post(person) for person in people]
            root = np.sqrt(self.weight(place))
            rows += [root * (row - np.mean(known, axis=0)) for row in known]
            targets += [root * (value - np.mean(done)) for value in done]
        return ridge_fit(rows, targets)

    def rest(self, person: Person) -> float:
        known = known_before(person, self.has_history)
        return post(person) - float(known @ self.theta)

    def excess(self) -> tuple[list[float], list[float]]:
        """Return every matched recipient's excess, and events after the push."""
        excess, done = [], []
        for place, people in self.sent.items():
            mean = np.mean([self.rest(person) for person in self.free[place]])
            excess += [self.rest(person) - mean for person in people]
            done += [post(person) for person in people]
        return excess, done

    def lift(self) -> float:
        return float(np.mean(self.excess()[0]))

    def variance(self) -> float:
        total = np.var(self.excess()[0], ddof=1) / self.n
        for place, people in self.free.items():
            spread = np.var([self.rest(person) for person in people], ddof=1)
            total += (len(self.sent[place]) / self.n) ** 2 * spread / len(people)
        return float(total)

    def effective_controls(self) -> float:
        weights = [
            self.weight(place) for place in self.places for _ in self.free[place]
        ]
        return sum(weights) ** 2 / sum(weight**2 for weight in weights)

    def standardised_difference(self, name: str) -> float:
        sent = [getattr(p, name) for place in self.places for p in self.sent[place]]
        free = [getattr(p, name) for place in self.places for p in self.free[place]]
        weights = np.array(
            [self.weight(place) for place in self.places for _ in self.free[place]]
        )
        mean = np.average(free, weights=weights)
        # Austin 2009, section 3.1: the variance of a weighted sample
        spread = weights.sum() * np.sum(weights * (np.array(free) - mean) ** 2)
        spread /= weights.sum() ** 2 - np.sum(weights**2)
        pooled = np.sqrt((np.var(sent, ddof=1) + spread) / 2)
        return float((np.mean(sent) - mean) / pooled)

    def placebo(
        self, week: int, selected: list[Person], controls: list[Person]
    ) -> tuple[float, float]:
        """Return the lift of a placebo date and its squared standard error."""
        chosen = by_place([p for p in selected if p.weeks_before == week])
        free = by_place([p for p in controls if p.weeks_before == week])
        places = [
            place
            for place in self.places
            if len(chosen[place]) >= 2 and len(free[place]) >= 2
        ]
        total = sum(len(self.sent[place]) for place in places)
        lift = variance = 0.0
        for place in places:
            weight = len(self.sent[place]) / total
            first = [self.rest(person) for person in chosen[place]]
            second = [self.rest(person) for person in free[place]]
            lift += weight * (np.mean(first) - np.mean(second))
            variance += weight**2 * np.var(first, ddof=1) / len(first)
            variance += weight**2 * np.var(second, ddof=1) / len(second)
        return lift, variance
