"""The lifts that may be compared and pooled across campaigns.

A lift of too few events would look the surest of all, for its variance is near 0; so
only lifts with a valid test are here.
"""

import pyarrow as pa
import pyarrow.compute as pc

# verdicts that rest on the adjusted lift
VERDICTS = ["significant_up", "significant_down", "underpowered", "inconclusive"]
COLUMNS = ["campaign_key", "metric", "recipients", "lift", "standard_error"]


def observed_estimates(lift: pa.Table) -> pa.Table:
    """Return the rows of `lift.campaign_lift` whose test is `ok`, as COLUMNS."""
    valid = lift.filter(pc.field("observed_status") == "ok")
    return _named(valid, ["recipients", "observed_lift", "observed_se"], "observed")


def adjusted_estimates(adjusted: pa.Table) -> pa.Table:
    """Return the rows of `lift.adjusted_lift` that decide a verdict, as COLUMNS."""
    valid = adjusted.filter(
        pc.field("verdict").isin(VERDICTS) & (pc.field("adjusted_se") > 0)
    )
    return _named(
        valid, ["matched_recipients", "adjusted_lift", "adjusted_se"], "adjusted"
    )


def _named(table: pa.Table, numbers: list[str], estimate: str) -> pa.Table:
    table = table.select(["campaign_key", "metric", *numbers]).rename_columns(COLUMNS)
    return table.append_column("estimate", pa.repeat(estimate, table.num_rows))
