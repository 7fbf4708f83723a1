"""The templates of the report, HTML and Markdown alike."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from steps.report import checks, formats, quality, series, wording
from steps.report import data as report_data
from steps.report import plots as report_plots
from steps.report.charts import response_curve
from steps.report.model import Report, slug

FORMATS = (
    "capitalised",
    "change",
    "figure",
    "plain_markdown",
    "q_value",
    "rate",
    "share",
    "words",
)
WORDING = (
    "adjusted_lift",
    "has_too_little_data",
    "interval",
    "notes",
    "points",
    "outcome",
    "push_title",
    "verdict",
)
QUALITY = ("known_until", "quality_result")
CHECKS = ("adjusted_check", "balance_text", "traits")
MARTS = (
    "LIFT",
    "DIAGNOSTICS",
    "HOURLY",
    "LAYERS",
    "RANKINGS",
    "QUALITY",
    "PLACEBO",
    "BALANCE",
    "SERIES",
    "PARAMETERS",
)


def report_templates(report: Report) -> Environment:
    """Return the templates, which know the report and how to word and draw it.

    HTML escapes everything by itself. Markdown does not: other people's text goes
    through the filter `plain_markdown`.
    """
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(["html.j2"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters |= {name: getattr(formats, name) for name in FORMATS}
    templates.filters |= {name: getattr(wording, name) for name in WORDING}
    templates.filters |= {name: getattr(quality, name) for name in QUALITY}
    templates.filters |= {name: getattr(checks, name) for name in CHECKS}
    templates.filters["slug"] = slug
    templates.tests["with_lift"] = series.has_lift
    templates.globals |= {
        "report": report,
        "series": series,
        "parameters": report.parameters,
        "verdicts": wording.VERDICTS,
        "designs": wording.DESIGNS,
        "dilution_worth_telling": wording.DILUTION_WORTH_TELLING,
        "outliers": checks.OUTLIERS,
        "marts": {name: getattr(report_data, name) for name in MARTS},
        "outlier_rules": report_plots.OUTLIER_RULES,
        "lift_plot": report_plots.lift_plot,
        "adjusted_check_plot": report_plots.adjusted_check_plot,
        "observed_check_plot": report_plots.observed_check_plot,
        "series_plot": report_plots.series_plot,
        "forest_plot": report_plots.forest_plot,
        "pooled_plot": report_plots.pooled_plot,
        "ranking_plot": report_plots.ranking_plot,
        "response_curve": response_curve,
    }
    return templates
