"""The table of all pushes: each kind, its sends below, and why no more is said."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from steps.report.charts import Axis
from steps.report.formats import Row
from steps.report.pushes import effects, wording
from steps.report.pushes.campaign import Campaign
from steps.report.pushes.effects import Effect
from steps.report.pushes.model import Report
from steps.report.pushes.series import Series

# what stands in the column, and what it means in the legend below the table
VERDICTS = {
    "significant_up": ("raised it", "people did more than they would have without it"),
    "significant_down": ("lowered it", "people did less than without it"),
    "changed_little": (
        "changed little",
        "whatever it changed is less than what is worth knowing",
    ),
    "inconclusive": ("cannot tell", "large enough to show a change, but none is clear"),
    "underpowered": ("too small", "too few people to show any but a large change"),
    "descriptive_only": (
        "no comparison",
        "nobody is like the recipients but was not sent it, so nobody knows",
    ),
    "invalid_srm": ("holdout is off", "the held-out group is not what was planned"),
    "incomplete": ("too early", "the hours after it are not over, or not loaded yet"),
    "too_few_events": ("too few events", "too few people did it to say anything"),
    "too_few_sends": ("too few sends", "fewer than two of its sends can be compared"),
    "degenerate": ("nothing differs", "there is nothing to compare"),
    "not_computed": (
        "not computed",
        "the data are newer than the statistics: make lift",
    ),
    "not_tracked": ("not known", "PostHog is not loaded"),
}
REASONS = {
    "no_controls": "nobody else",
    "matched_share": "too few alike",
    "no_weights": "cannot be made alike",
    "ess": "few stand for all",
    "balance": "not alike",
    "held_back": "differed before",
    "no_history": "little history",
    "placebo_short": "few past weeks",
    "srm": "wrong size",
}
FLAGS = {
    "with other pushes": "many recipients had another push in the hours before, so it "
    "is the effect of all of them",
    "lower bound": "who it is compared with got it later too, so it did more than that",
}


@dataclass(frozen=True)
class Line:
    """What a row of the table says of one push, or of one kind of push, and a metric.

    Attributes:
        row: The row of the mart.
        verdict: A key of VERDICTS.
        reasons: Why no more is said: keys of FLAGS, or words of REASONS.
        effect: What it changed; None if nobody can say.
        needed: How many people would show a change that is worth knowing.
    """

    row: Row
    verdict: str
    reasons: list[str]
    effect: Effect | None
    needed: int | None

    @property
    def order(self) -> int:
        """The place of its verdict: the smaller, the more it says."""
        return list(VERDICTS).index(self.verdict)


@dataclass(frozen=True)
class Group:
    """Sends of one title and layer.

    Attributes:
        series: What they say together; None of a single send.
        campaigns: The sends, the newest first.
    """

    series: Series | None
    campaigns: list[Campaign]

    @property
    def first(self) -> Campaign:
        """The newest send."""
        return self.campaigns[0]

    @property
    def changed(self) -> int:
        """How many of the sends changed something."""
        return sum(bool(campaign.changed) for campaign in self.campaigns)

    @property
    def recipients(self) -> int:
        """How many people all sends are about, each counted once a send."""
        return sum(campaign.recipients for campaign in self.campaigns)


@dataclass(frozen=True)
class PushTable:
    """Everything the table shows.

    Attributes:
        report: What there is to show.
    """

    report: Report

    @cached_property
    def metrics(self) -> list[str]:
        """The metrics there are, what people do most first."""
        events: Counter[str] = Counter()
        for row in self.report.results:
            events[row["metric"]] += (row["post_mean"] or 0) * row["recipients"]
        return sorted(events, key=lambda metric: (-events[metric], metric))

    @cached_property
    def groups(self) -> list[Group]:
        """The kinds of push, those that say most first."""
        repeated = {one.kind: one for one in self.report.repeated}
        sends: dict[tuple, list[Campaign]] = defaultdict(list)
        for campaign in sorted(self.report.campaigns, key=_sent, reverse=True):
            sends[campaign.kind].append(campaign)
        groups = [Group(repeated.get(kind), sends[kind]) for kind in sends]
        return sorted(groups, key=self._order)

    def line(self, row: Row) -> Line:
        """Say what one result of a send is, in a row of the table."""
        parameters = self.report.parameters
        verdict = row["verdict"]
        if effects.changed_little(row, parameters):
            verdict = "changed_little"
        reasons = []
        if verdict in ("descriptive_only", "invalid_srm"):
            reasons.append(REASONS.get(row["design_reason"], ""))
        effect = effects.effect(row, parameters)
        needed = effects.people_needed(row, parameters)
        return Line(row, verdict, reasons + _flags(row, effect), effect, needed)

    def series_line(self, row: Row) -> Line:
        """Say what one result of a kind of push is, in a row of the table."""
        effect = effects.effect(row, self.report.parameters, "series")
        return Line(row, row["verdict"], _flags(row, effect), effect, None)

    def headline(self, campaign: Campaign) -> Line:
        """Return the result of a send that says most."""
        return min(map(self.line, campaign.results), key=self._says_most)

    def series_headline(self, one: Series) -> Line:
        """Return the result of a kind of push that says most."""
        return min(map(self.series_line, one.results), key=self._says_most)

    @cached_property
    def axes(self) -> dict[str, Axis]:
        """The axis of each metric, for all its effects."""
        ends: dict[str, list[float]] = {metric: [] for metric in self.metrics}
        for line in self._lines:
            if line.effect:
                ends[line.row["metric"]] += [line.effect.low, line.effect.high]
        return {metric: Axis.around(values) for metric, values in ends.items()}

    @cached_property
    def used_verdicts(self) -> list[str]:
        """The verdicts that some row has, those that say most first."""
        used = {line.verdict for line in self._lines}
        return [verdict for verdict in VERDICTS if verdict in used]

    @cached_property
    def used_reasons(self) -> dict[str, str]:
        """What the column of reasons holds, each with its meaning."""
        used = {reason for line in self._lines for reason in line.reasons}
        meanings = {words: wording.REASONS[key] for key, words in REASONS.items()}
        return {key: text for key, text in (meanings | FLAGS).items() if key in used}

    @cached_property
    def _lines(self) -> list[Line]:
        lines = [*map(self.line, self.report.results)]
        for one in self.report.repeated:
            lines += map(self.series_line, one.results)
        return lines

    def _says_most(self, line: Line) -> tuple[int, float, int]:
        detectable = line.row.get("adjusted_detectable_percent")
        if detectable is None:
            detectable = line.row.get("series_detectable_percent")
        precision = float("inf") if detectable is None else detectable
        return line.order, precision, self.metrics.index(line.row["metric"])

    def _order(self, group: Group) -> tuple:
        lines = [self.headline(campaign) for campaign in group.campaigns]
        if group.series:
            lines.append(self.series_headline(group.series))
        return min(line.order for line in lines), -_sent(group.first).timestamp()


def _sent(campaign: Campaign) -> datetime:
    return campaign.results[0]["sent_at"]


def _flags(row: Row, effect: Effect | None) -> list[str]:
    if effect is None:
        return []
    flags = {
        "with other pushes": row["is_contaminated"],
        "lower bound": wording.is_diluted(row),
    }
    return [name for name, holds in flags.items() if holds]
