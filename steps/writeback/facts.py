"""Which rows of which mart each kind of event is made of."""

from dataclasses import dataclass

LIFT = "agg_push_campaign_lift"
ENGAGEMENT = "agg_user_engagement"


@dataclass(frozen=True)
class Facts:
    """Where the events of a kind come from.

    Attributes:
        mart: the table.
        query: a row per event, with `happened_at` in UTC.
        subject: the columns that tell what an event is about.
    """

    mart: str
    query: str
    subject: tuple[str, ...]


FACTS = {
    # what is not tracked, not computed, not over yet or of nobody is no verdict, and
    # what has no interval comes from too few people to say it
    "verdicts": Facts(
        LIFT,
        """
        select
            lift.*,
            case
                when lift.adjusted_low is not null then lift.adjusted_lift
            end as tested_lift,
            lift.sent_at as happened_at
        from agg_push_campaign_lift as lift
        where
            lift.verdict not in ('not_tracked', 'not_computed', 'incomplete')
            and lift.recipients > 0
        """,
        ("campaign_key", "metric"),
    ),
    # noon UTC is of the same month in every time zone; a level without users is told,
    # or the number it had before would stand; in a month that was not tracked people
    # look less engaged than they were
    "segments": Facts(
        ENGAGEMENT,
        """
        select
            months.month_start_date,
            levels.engagement_level,
            count(user_months.user_key) as user_count,
            months.month_start_date + interval '12 hours' as happened_at
        from (
            select distinct month_start_date
            from agg_user_engagement
            where is_complete and is_tracked
        ) as months
        cross join (
            select distinct engagement_level from agg_user_engagement
        ) as levels
        left join agg_user_engagement as user_months
            on
                months.month_start_date = user_months.month_start_date
                and levels.engagement_level = user_months.engagement_level
        group by months.month_start_date, levels.engagement_level
        """,
        ("month_start_date", "engagement_level"),
    ),
}
