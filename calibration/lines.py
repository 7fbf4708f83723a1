"""The table of the simulated worlds, a line at a time: worlds take long."""

from collections.abc import Sequence
from math import isnan

from calibration.scenarios import Scenario
from calibration.tally import Figure, Result, lift_difference, share, tally, width_ratio
from steps.report.formats import NOTHING

NAME_WIDTH = 39
EVERYONE = "all"
COLUMNS = (
    ("", "people", 7),
    ("", "sent", 7),
    ("", "verdict", 9),
    ("", "refused", 9),
    ("false", "positives", 11),
    ("coverage", "0", 10),
    ("", "+20 %", 10),
    ("bias", "0", 11),
    ("", "+20 %", 11),
    ("", "paired", 11),
    ("found", "headline", 10),
    ("", "uncapped", 10),
    ("", "experiment", 12),
    ("width", "headline", 10),
    ("", "uncapped", 10),
)
EXPLANATION = """\
people, sent      how many people there are, and how many of them get the push
verdict, refused  campaigns with a tested headline, and campaigns about whose cause
                  nothing is said; the rest has too few people or events
false positives   tests with p <= {alpha} where the push does nothing
coverage          {confidence:.0%} intervals of the headline that hold the true lift,
                  where the push does nothing and where it works
bias              mean of estimated less true lift, in % of what they do without it;
                  paired: of the lift without a cap less that of the experiment,
                  whom the luck of the draw moves alike
found             tests with p <= {alpha} where the push works: of the headline, of
                  the lift without a cap, and of an experiment without a cap
width             of the intervals of both, in those of the experiment
In the experiment everyone who qualifies and gets no push is held out; there is none
where chance does not choose. ± is the standard error of so few worlds.
"""
LEGEND = """\
What to make of it: {alpha:.0%} false positives and {confidence:.0%} coverage are right,
and so is what lies within two standard errors of them. A width of 1 is all that so
many people can tell; the headline is narrower because it counts no extremes. What not
even the experiment finds takes more people, a larger effect or more sends to be seen.
Lines with a remark are not among all.
"""


def heading() -> str:
    """Return the two lines above the table."""
    groups = "".join(f"{group:>{width}}" for group, _, width in COLUMNS)
    names = "".join(f"{name:>{width}}" for _, name, width in COLUMNS)
    return f"{'':{NAME_WIDTH}}{groups}\n{'':{NAME_WIDTH}}{names}"


def scenario_line(
    name: str, scenario: Scenario, results: Sequence[Result], alpha: float
) -> str:
    """Return the line of a scenario."""
    sent = EVERYONE if scenario.recipients is None else f"{scenario.recipients:,}"
    size = [f"{scenario.users:,}", sent]
    line = _line(name, [*size, *_figures(results, alpha)])
    return f"{line}  {scenario.caveat}".rstrip()


def pooled_line(metric: str, results: Sequence[Result], alpha: float) -> str:
    """Return the line of a metric in all scenarios where the method should be right."""
    return _line(f"all: {metric}", ["", "", *_figures(results, alpha)])


def _line(name: str, texts: Sequence[str]) -> str:
    cells = zip(texts, COLUMNS, strict=True)
    return f"{name:{NAME_WIDTH}}" + "".join(
        f"{text:>{width}}" for text, (_, _, width) in cells
    )


def _figures(results: Sequence[Result], alpha: float) -> list[str]:
    """Return the texts of the columns after the size."""
    works = [result for result in results if result.is_effective]
    without = [result for result in results if not result.is_effective]
    null = tally([each.capped for each in without], alpha)
    headline = tally([each.capped for each in works], alpha)
    uncapped = tally([each.uncapped for each in works], alpha)
    experiment = tally([each.experiment for each in works], alpha)
    return [
        percent(share(each.capped is not None for each in results)),
        percent(share(each.is_refused for each in results)),
        percent(null.significant),
        percent(null.coverage),
        percent(headline.coverage),
        points(null.bias),
        points(headline.bias),
        points(lift_difference([(each.uncapped, each.experiment) for each in without])),
        percent(headline.significant),
        percent(uncapped.significant),
        percent(experiment.significant),
        _ratio(width_ratio([(each.capped, each.experiment) for each in results])),
        _ratio(width_ratio([(each.uncapped, each.experiment) for each in results])),
    ]


def percent(figure: Figure | None) -> str:
    """Write a share and its error."""
    if figure is None:
        return NOTHING
    return f"{figure.mean:.0%} {_error(100 * figure.error, 0)}"


def points(figure: Figure | None) -> str:
    """Write a difference in percent and its error."""
    if figure is None:
        return NOTHING
    return f"{figure.mean:+.1f} {_error(figure.error, 1)}"


def _error(error: float, digits: int) -> str:
    # of a single world it is not known
    return f"±{NOTHING if isnan(error) else f'{error:.{digits}f}'}"


def _ratio(figure: Figure | None) -> str:
    return NOTHING if figure is None else f"{figure.mean:.2f}"
