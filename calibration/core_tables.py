"""What stands in for everything upstream of the push models: the core of a world."""

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.columns import joined, timestamps

Tables = dict[str, pa.Table]

TEXT = pa.string()
USER = "user "
CORE_TABLES = (
    "core.dim_users",
    "core.fct_user_activity",
    "intermediate.int_campaign_sends",
    "intermediate.int_push_holdouts",
    "core.dim_campaigns",
    "intermediate.int_as_of",
    "intermediate.int_accounts",
    "core.bridge_user_identities",
)


def core_tables(
    joined_at: np.ndarray,
    activity: pa.Table,
    sends: pa.Table,
    measured: Iterable[str],
    tracked: tuple[int, int],
    metrics: Sequence[str],
) -> Tables:
    """Return CORE_TABLES with nobody held out, and the seed of the metrics.

    Args:
        joined_at: When the app first saw each user, in microseconds.
        activity: `user` (position), `activity_type` and `occurred_at`.
        sends: `campaign_key`, `user` (position) and `sent_at`.
        measured: The campaigns to be measured; the others count as tests.
        tracked: First instant and end of the tracked time, in microseconds.
        metrics: The activity types that are metrics.
    """
    started_at, ended_at = (timestamps(np.array([instant])) for instant in tracked)
    never = np.zeros(len(joined_at), bool)
    return {
        "core.dim_users": pa.table(
            {
                "user_key": _names(USER, np.arange(len(joined_at))),
                "is_test_account": never,
                "is_deleted": never,
                "app_first_seen_at": timestamps(joined_at),
            }
        ),
        "core.fct_user_activity": _with_user_keys(activity).append_column(
            "event_key", _names("event ", np.arange(len(activity)))
        ),
        "intermediate.int_campaign_sends": _with_user_keys(sends),
        "core.dim_campaigns": campaigns_of(sends, measured),
        "intermediate.int_as_of": pa.table(
            {
                "as_of": ended_at,
                "tracking_started_at": started_at,
                "tracked_until_at": ended_at,
            }
        ),
        "seeds.push_metrics": pa.table({"metric": pa.array(metrics, TEXT)}),
        **NOBODY_HELD_OUT,
    }


def campaigns_of(sends: pa.Table, measured: Iterable[str]) -> pa.Table:
    """Return dim_campaigns: what is not to be measured is a test, though sent."""
    spans = sends.group_by("campaign_key").aggregate(
        [("sent_at", "min"), ("sent_at", "max")]
    )
    keys = spans["campaign_key"]
    return pa.table(
        {
            "campaign_key": keys,
            "title": keys,
            "layer_id": np.ones(len(keys), np.int64),
            "is_test": pc.invert(pc.is_in(keys, pa.array(measured, TEXT))),
            "sent_at": spans["sent_at_min"],
            "last_sent_at": spans["sent_at_max"],
        }
    )


def holdout_tables(campaign: str, user: np.ndarray, planned_share: float) -> Tables:
    """Return the tables that name the users who were held out of a campaign."""
    app, account = pa.repeat("app", len(user)), _names("account ", user)
    return {
        "intermediate.int_push_holdouts": pa.table(
            {
                "campaign_key": pa.repeat(campaign, len(user)),
                "account_hash": account,
                "planned_share": pa.repeat(planned_share, len(user)),
            }
        ),
        "intermediate.int_accounts": pa.table(
            {"source_system": app, "source_id": account, "source_id_hash": account}
        ),
        "core.bridge_user_identities": pa.table(
            {
                "source_system": app,
                "source_id": account,
                "user_key": _names(USER, user),
            }
        ),
    }


def positions(user_keys: pa.ChunkedArray) -> np.ndarray:
    """Return the positions of users by their keys."""
    return pc.utf8_ltrim(user_keys, USER).cast(pa.int64()).to_numpy()


def _with_user_keys(table: pa.Table) -> pa.Table:
    position = table.column_names.index("user")
    keys = _names(USER, table["user"].to_numpy())
    return table.set_column(position, "user_key", keys)


def _names(kind: str, number: np.ndarray) -> pa.Array:
    return joined(kind, pa.array(number).cast(TEXT))


NOBODY_HELD_OUT = holdout_tables("", np.zeros(0, np.int64), 0.0)
