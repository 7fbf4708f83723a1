"""The method of weighted controls once more, person by person, with general solvers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize

from tests.steps.lift.people import Person

RIDGE = 1e-3


def post(person: Person) -> float:
    return person.post_count / 2


def known_before(person: Person) -> list[float]:
    """Return the eight covariates of one person."""
    baseline = person.baseline_rate / 30
    tenure = person.support_cell // 5 % 3
    return [
        person.recency / 1000,
        person.activity_week / 1000,
        baseline,
        baseline**0.5,
        person.week_count / 7,
        person.day_count,
        float(tenure == 0),
        float(tenure <= 1),
    ]


def known_long_before(person: Person) -> list[float]:
    long = person.baseline_rate / 30
    if person.long_rate is not None:
        long = person.long_rate / 56
    return [*known_before(person), long, long**0.5]


def matrix(people: list[Person], known: Callable[[Person], list[float]]) -> np.ndarray:
    return np.array([known(person) for person in people])


@dataclass
class Loops:
    """Recipients against controls at the push."""

    recipients: list[Person]
    controls: list[Person]

    def __post_init__(self) -> None:
        all_recipients = len(self.recipients)
        cells = {
            cell
            for cell in {person.support_cell for person in self.recipients}
            if sum(person.support_cell == cell for person in self.controls) >= 2
        }
        self.recipients = [p for p in self.recipients if p.support_cell in cells]
        self.controls = [p for p in self.controls if p.support_cell in cells]
        self.share = len(self.recipients) / all_recipients
        self.w = self.weights(self.controls)

    def weights(self, people: list[Person]) -> np.ndarray:
        """Balance people towards the recipients, by a general optimiser."""
        target = matrix(self.recipients, known_before)
        x = (matrix(people, known_before) - target.mean(axis=0)) / target.std(axis=0)

        def dual(b: np.ndarray) -> tuple[float, np.ndarray]:
            exponents = -x @ b
            largest = exponents.max()
            weights = np.exp(exponents - largest)
            total = weights.sum()
            value = largest + np.log(total) + RIDGE / 2 * b @ b
            return value, RIDGE * b - x.T @ (weights / total)

        found = optimize.minimize(
            dual, np.zeros(x.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-10}
        )
        weights = np.exp(-x @ found.x)
        return weights / weights.sum()

    def fit(
        self,
        people: list[Person],
        weights: np.ndarray,
        outcome: Callable[[Person], float],
        known: Callable[[Person], list[float]],
    ) -> tuple[float, float, np.ndarray, np.ndarray]:
        """Predict the recipients' mean from weighted least squares on people.

        Return it, its HC3 variance, the coefficients and the final weights.
        """
        x = np.column_stack([np.ones(len(people)), matrix(people, known)])
        y = np.array([outcome(person) for person in people])
        root = np.sqrt(weights)
        slopes = np.linalg.lstsq(x * root[:, None], y * root)[0]
        inverse = np.linalg.pinv((x * weights[:, None]).T @ x)
        mean = np.concatenate([[1], matrix(self.recipients, known).mean(axis=0)])
        final = weights * (x @ inverse @ mean)
        leverage = weights * np.einsum("ni,ij,nj->n", x, inverse, x)
        errors = final * (y - x @ slopes) / (1 - np.minimum(leverage, 0.95))
        return float(mean @ slopes), float(np.sum(errors**2)), slopes, final

    def effect(
        self,
        outcome: Callable[[Person], float],
        known: Callable[[Person], list[float]] = known_long_before,
    ) -> tuple[float, float, float, float]:
        """Return the lift, its variance, df, and the effective size of the controls."""
        mean, variance, slopes, final = self.fit(self.controls, self.w, outcome, known)
        done = np.array([outcome(person) for person in self.recipients])
        x = matrix(self.recipients, known)
        rest = done - slopes[0] - x @ slopes[1:]
        n = len(done)
        own = float(np.var(rest, ddof=1)) / n
        size = 1 / np.sum(final**2)
        df = (own + variance) ** 2 / (own**2 / (n - 1) + variance**2 / (size - 1))
        return done.mean() - mean, own + variance, df, size

    def standardised_difference(self, covariate: int, weights: np.ndarray) -> float:
        sent = matrix(self.recipients, known_before)[:, covariate]
        free = matrix(self.controls, known_before)[:, covariate]
        mean = np.average(free, weights=weights)
        # Austin 2009, section 3.1: the variance of a weighted sample
        spread = weights.sum() * np.sum(weights * (free - mean) ** 2)
        spread /= weights.sum() ** 2 - np.sum(weights**2)
        pooled = np.sqrt((np.var(sent, ddof=1) + spread) / 2)
        return float((sent.mean() - mean) / pooled)

    def placebo(
        self,
        selected: list[Person],
        controls: list[Person],
        outcome: Callable[[Person], float],
    ) -> tuple[float, float]:
        """Return the lift of a placebo date and its squared standard error."""
        cells = {person.support_cell for person in self.recipients}
        found = []
        for arm in (selected, controls):
            people = [person for person in arm if person.support_cell in cells]
            found.append(
                self.fit(people, self.weights(people), outcome, known_before)[:2]
            )
        return found[0][0] - found[1][0], found[0][1] + found[1][1]
