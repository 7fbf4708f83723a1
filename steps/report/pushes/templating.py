"""The templates about pushes: how they word and draw what the marts say."""

from jinja2 import Environment

from steps.report.banner import Banner
from steps.report.charts import response_curve
from steps.report.pushes import checks, effects, plots, series, table, wording
from steps.report.pushes import data as push_data
from steps.report.pushes.campaign import slug
from steps.report.pushes.model import Report
from steps.report.templating import report_templates

WORDING = (
    "adjusted_lift",
    "is_diluted",
    "interval",
    "notes",
    "points",
    "outcome",
    "push_title",
    "verdict",
)
EFFECTS = ("change_per_hundred", "effect", "extra_events", "per_hundred")
CHECKS = ("adjusted_check", "balance_text", "traits")
PLOTS = (
    "lift_plot",
    "pooled_plot",
    "ranking_plot",
    "timing_plot",
)
MARTS = (
    "LIFT",
    "DIAGNOSTICS",
    "HOURLY",
    "LAYERS",
    "RANKINGS",
    "PLACEBO",
    "BALANCE",
    "SERIES",
    "OVERLAP",
    "HISTORY",
    "CORRELATION",
    "VALUE",
    "PARAMETERS",
)


def push_templates(banner: Banner, report: Report) -> Environment:
    """Return the templates, which know the report and how to word and draw it."""
    templates = report_templates(banner)
    templates.filters |= {name: getattr(wording, name) for name in WORDING}
    templates.filters |= {name: getattr(effects, name) for name in EFFECTS}
    templates.filters |= {name: getattr(checks, name) for name in CHECKS}
    templates.filters["slug"] = slug
    templates.globals |= {name: getattr(plots, name) for name in PLOTS}
    templates.globals |= {
        "report": report,
        "series": series,
        "parameters": report.parameters,
        "verdicts": wording.VERDICTS,
        "words_of": table.VERDICTS,
        "worth_knowing": effects.worth_knowing(report.parameters),
        "diagnostics": checks.DIAGNOSTICS,
        "too_little_data": wording.TOO_LITTLE_DATA,
        "designs": wording.DESIGNS,
        "dilution_worth_telling": wording.DILUTION_WORTH_TELLING,
        "outliers": checks.OUTLIERS,
        "marts": {name: getattr(push_data, name) for name in MARTS},
        "outlier_rules": plots.OUTLIER_RULES,
        "response_curve": response_curve,
    }
    return templates
