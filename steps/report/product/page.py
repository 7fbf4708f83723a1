"""The page about the product."""

from steps.report.banner import Banner
from steps.report.product import headlines, plots
from steps.report.product.areas import AREAS, TILES
from steps.report.product.data import Product
from steps.report.product.measures import Area
from steps.report.product.queries import SEGMENTS
from steps.report.templating import report_templates


def render_product(banner: Banner, product: Product) -> str:
    """Render the page.

    Args:
        banner: The state of the data.
        product: What to tell.

    Returns:
        The HTML, the same bytes for the same marts.
    """
    return (
        report_templates(banner)
        .get_template("product.html.j2")
        .render(
            product=product,
            segments=SEGMENTS,
            tiles=TILES,
            areas=AREAS,
            columns=_columns,
            stop=headlines.stop_sentence(product),
            value=headlines.value,
            of=headlines.of,
            change=headlines.change,
            funnel=plots.funnel_lines(product),
            cohorts=plots.cohort_rows(product),
            active_graph=plots.active_graph,
            growth_graph=plots.growth_graph,
            levels_graph=plots.levels_graph,
            history_graph=plots.history_graph,
            activity_lines=plots.activity_lines,
            kind_lines=plots.kind_lines,
            lifecycle_lines=plots.lifecycle_lines,
        )
    )


def _columns(area: Area) -> str:
    """Name what the measures of an area are made of, each column once."""
    names = ", ".join(measure.columns for measure in area.measures).split(", ")
    return ", ".join(dict.fromkeys(names))
