"""What is known of the assistant: rows of its marts, and what they add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from steps.marts import Marts, require_marts
from steps.report.formats import Row
from warehouse.tables import read

WITHHELD = "withheld"
# the name of the model of `stand_ins.llm` begins so
STAND_IN = "stand-in"
DAILY = "agg_assistant_daily"
FUNNEL = "agg_assistant_funnel"
RETENTION = "agg_assistant_retention"
FAILURES = "agg_tool_failures"
CREDITS = "agg_credit_exhaustion"
MARKET_FIT = "agg_product_market_fit"
INTENTS = "agg_insight_intents"
BLOCKERS = "agg_insight_blockers"
FEATURES = "agg_insight_feature_requests"
SATISFACTION = "agg_insight_satisfaction"
THEMES = "agg_insight_themes"
SEGMENTS = "agg_insight_segments"
COVERAGE = "agg_insight_coverage"
COSTS = "agg_llm_costs"
# the newest first, then the largest; what is withheld is no more than a rest
ORDER = {
    DAILY: "metric_date",
    FUNNEL: "signup_month_start_date, step_number",
    RETENTION: "signup_week_start_date, age_unit, age",
    FAILURES: "week_start_date desc, failed_jobs desc, service, error_kind",
    CREDITS: "signup_month_start_date, plan",
    MARKET_FIT: "week_start_date desc, meaning, signal_name",
    INTENTS: "week_start_date desc, code = 'withheld', people desc, code",
    BLOCKERS: "week_start_date desc, blocker = 'withheld', "
    "people is null, people desc, blocker",
    FEATURES: "month_start_date desc, feature_rank is null, feature_rank",
    SATISFACTION: "week_start_date desc, code = 'withheld', people desc, code",
    THEMES: "month_start_date desc, theme = 'withheld', people desc, theme",
    SEGMENTS: "month_start_date desc, segment = 'withheld', people desc, segment",
    COVERAGE: "day",
    COSTS: "call_date, model, purpose",
}


@dataclass(frozen=True)
class Assistant:
    """The marts of the assistant.

    Attributes:
        rows: The rows of each mart, in the order in which they are read.
    """

    rows: dict[str, list[Row]]

    @property
    def is_loaded(self) -> bool:
        """Whether anything is known of an assistant."""
        return bool(self.rows[FUNNEL])

    @property
    def is_read(self) -> bool:
        """Whether a model has read conversations."""
        return any(row["answered_people"] for row in self.rows[COVERAGE])

    @cached_property
    def models(self) -> list[str]:
        """Which models were asked, by name."""
        return sorted({row["model"] for row in self.rows[COSTS]})

    @property
    def is_by_stand_in(self) -> bool:
        """Whether anything was read by what is no language model."""
        return any(model.startswith(STAND_IN) for model in self.models)

    @cached_property
    def funnel(self) -> list[tuple[str, int, float | None]]:
        """Each step, with its people and their share of those who signed up."""
        steps = _sums(self.rows[FUNNEL], ("step_number", "assistant_step"), "users")
        signed_up = next(iter(steps.values()), 0)
        return [
            (step, people, _share(people, signed_up))
            for (_, step), people in sorted(steps.items())
        ]

    @cached_property
    def returned(self) -> dict[int, tuple[int, int]]:
        """By day since the sign-up: who came on it, of those for whom it is over."""
        over = [
            row
            for row in self.rows[RETENTION]
            if row["is_mature"] and row["age_unit"] == "day"
        ]
        back = _sums(over, ("age",), "users_back")
        signups = _sums(over, ("age",), "assistant_signups")
        return {age: (back[age,], signups[age,]) for (age,) in sorted(signups)}

    @cached_property
    def credits(self) -> dict[str, int]:
        """People, those who used up their credits, and those who came back then."""
        names = ("assistant_signups", "exhausted_users", "users_back_without_credits")
        return {name: sum(row[name] for row in self.rows[CREDITS]) for name in names}

    @cached_property
    def coverage(self) -> dict[str, int]:
        """Days of people, added up: active, with consent, asked about, answered."""
        names = ("active", "consenting", "chosen", "answered", "failed", "too_new")
        return {
            name: sum(row[f"{name}_people"] for row in self.rows[COVERAGE])
            for name in names
        }

    @cached_property
    def costs(self) -> list[Row]:
        """What each model cost in all."""
        return [
            {
                "model": model,
                "currency": currency,
                **{
                    name: sum(row[name] for row in rows)
                    for name in ("calls", "failed_calls", "call_cost")
                },
            }
            for (model, currency), rows in _grouped(
                self.rows[COSTS], ("model", "currency")
            )
        ]

    def latest(self, mart: str, period: str, facet: str | None = None) -> list[Row]:
        """Return the rows of the last period of a mart, or of one facet of it.

        Args:
            mart: Name of the mart.
            period: Its column with the first day of the period.
            facet: The only facet to return.
        """
        rows = [
            row for row in self.rows[mart] if facet is None or row["facet"] == facet
        ]
        return [row for row in rows if row[period] == rows[0][period]]


def read_assistant(marts: Marts) -> Assistant:
    """Read the marts.

    Raises:
        UserError: their tables are missing.
    """
    require_marts(marts, list(ORDER))
    return Assistant(
        {
            mart: read(
                marts.connection,
                f"select * from {mart} order by {order}",  # noqa: S608
            ).to_pylist()
            for mart, order in ORDER.items()
        }
    )


def _grouped(
    rows: Iterable[Row], names: tuple[str, ...]
) -> list[tuple[tuple, list[Row]]]:
    def key(row: Row) -> tuple:
        return tuple(row[name] for name in names)

    ordered = sorted(rows, key=lambda row: tuple(map(str, key(row))))
    return [(values, list(group)) for values, group in groupby(ordered, key)]


def _sums(rows: Iterable[Row], names: tuple[str, ...], summed: str) -> dict[tuple, int]:
    return {
        values: sum(row[summed] for row in group)
        for values, group in _grouped(rows, names)
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
