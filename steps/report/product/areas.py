"""What the product page measures, part by part."""

from steps.report.product.measures import (
    Area,
    Kinds,
    Measure,
    a_day,
    average,
    last,
    share_of,
    stock,
    sum_of,
    total,
)

DAU = Measure(
    "dau",
    "Daily active people",
    "people who did something on a day, on average over the days",
    a_day("dau"),
    "dau",
    tracked="bool_and(is_tracked)",
)
WAU = Measure(
    "wau",
    "Weekly active people",
    "people who did something in the last 7 days",
    last("wau"),
    "wau",
    tracked="bool_and(is_wau_tracked or not is_last_day)",
)
MAU = Measure(
    "mau",
    "Monthly active people",
    "people who did something in the last 30 days",
    last("mau"),
    "mau",
    tracked="bool_and(is_mau_tracked or not is_last_day)",
)
STICKINESS = Measure(
    "stickiness",
    "Stickiness",
    "of the people active within 30 days, those active on a given day, on average",
    share_of("dau", "mau"),
    "dau, mau",
    is_share=True,
    tracked="bool_and(is_mau_tracked)",
)
ACTIVE = Area(
    "active",
    "Active people",
    "agg_daily_metrics",
    (MAU, WAU, DAU, STICKINESS),
    known="is_complete and dau is not null",
    by_segment=True,
)
SIGNUPS = Area(
    "signups",
    "Sign-ups",
    "agg_daily_metrics",
    (total("signups", "Sign-ups", "people who opened an account"),),
    known="signups is not null",
    by_segment=True,
)
ACTIVATION = Area(
    "activation",
    "Activation",
    "agg_daily_metrics",
    (
        Measure(
            "activation_share_30_days",
            "Activated in 30 days",
            "of those who signed up, those who wrote a post or comment, voted, made or "
            "shared a collection within 30 days; of the latest sign-ups whose 30 days "
            "are over",
            share_of("activated_signups_30_days", "signups"),
            "activated_signups_30_days, signups",
            is_share=True,
            of=sum_of("signups"),
        ),
    ),
    known="activated_signups_30_days is not null",
    by_segment=True,
)
RETENTION = Area(
    "retention",
    "Retention",
    "agg_weekly_metrics",
    (
        Measure(
            "retention_share",
            "Weekly retention",
            "of the people active in a calendar week, those active in the next one too",
            "",
            "retained_users, churned_users",
            is_share=True,
        ),
    ),
    by_segment=True,
)
TILES = (ACTIVE, SIGNUPS, ACTIVATION, RETENTION)
AREAS = (
    Area(
        "content",
        "Content",
        "agg_content",
        (
            total("posts", "Posts", "posts written, deleted ones included"),
            total("comments", "Comments", "comments under the posts of these days"),
            Measure(
                "commented_share",
                "Posts with a comment",
                "of the posts that still stand",
                share_of("commented_posts", "standing_posts"),
                "commented_posts, standing_posts",
                is_share=True,
                of=sum_of("standing_posts"),
            ),
            Measure(
                "deleted_share",
                "Deleted posts",
                "of the posts of these days, deleted since",
                share_of("posts - standing_posts", "posts"),
                "posts, standing_posts",
                is_share=True,
                of=sum_of("posts"),
            ),
        ),
        "engagement",
        kinds=Kinds("Posts by type", "agg_content", ("post_type",), "posts"),
    ),
    Area(
        "finder",
        "Finder",
        "agg_finder",
        (
            total("searches", "Searches", "searches in the Finder"),
            total("votes", "Votes", "votes on profiles that were found"),
            Measure(
                "upvote_share",
                "Votes for a profile",
                "of all votes; the others are against it, or of another type",
                share_of("upvotes", "votes"),
                "upvotes, votes",
                is_share=True,
                of=sum_of("votes"),
            ),
            average("voters", "Voters a day", "people who voted, on an average day"),
            stock(
                "finder_profiles",
                "Profiles in the Finder",
                "people whom it can find, on the last day",
            ),
        ),
        "chemlink",
        kinds=Kinds(
            "Searches by what is looked for", "agg_searches", ("intent",), "searches"
        ),
    ),
    Area(
        "collections",
        "Collections",
        "agg_collections",
        (
            total("collections_created", "New collections", "collections created"),
            total("profiles_added", "Profiles added", "profiles put into collections"),
            total("shares", "Shares", "collections shared with somebody"),
            stock("live_collections", "Collections", "that there are on the last day"),
        ),
        "chemlink",
        kinds=Kinds(
            "New collections by privacy",
            "agg_collections",
            ("privacy",),
            "collections_created",
        ),
    ),
    Area(
        "groups",
        "Groups",
        "agg_groups_and_moderation",
        (
            total("groups_created", "New groups", "groups created"),
            total("joins", "Joins", "memberships opened"),
            total("confirmed_joins", "Confirmed joins", "memberships confirmed"),
            total("mentions", "Mentions", "people mentioned in posts and comments"),
        ),
        "engagement",
    ),
    Area(
        "moderation",
        "Moderation",
        "agg_groups_and_moderation",
        (
            total("reports", "Reports", "posts and comments reported to moderators"),
            total(
                "reviewed_reports",
                "Reviewed reports",
                "reviewed in these days, whenever they were filed",
            ),
        ),
        "engagement",
        kinds=Kinds(
            "Reports by reason, and what became of them so far",
            "agg_reports",
            ("report_reason", "report_status"),
            "reports",
        ),
    ),
    Area(
        "messages",
        "Messages",
        "agg_messaging",
        (
            total("messages", "Messages", "messages sent"),
            average("senders", "Senders a day", "people who wrote, on an average day"),
            total("conversations", "New conversations", "conversations begun"),
        ),
        "engagement",
    ),
)
