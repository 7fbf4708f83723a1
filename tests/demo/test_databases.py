"""The served world, asked by SQL: its databases agree with each other and misbehave."""

import json
import urllib.request
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

import demo
from loaders.contract import tables_of
from tests.conftest import query
from tests.helpers.leaks import leaked_values
from warehouse.connection import connect

DATABASES = {
    "cadence": "NEON_DATABASE_URL",
    "app": "NEON_APP_DATABASE_URL",
    "chemlink": "CHEMLINK_DATABASE_URL",
    "engagement": "ENGAGEMENT_DATABASE_URL",
    "kratos": "KRATOS_DATABASE_URL",
    "assistant": "ASSISTANT_DATABASE_URL",
}
# Sends of one trimmed title and layer, split where 120 minutes passed without one.
# some are written with characters that nobody sees
TITLE = r"trim(both E' \n\u00a0\u202d\u202c' from push_title)"
CAMPAIGNS = f"""
with gaps as (
    select
        {TITLE} as title,
        layer_id,
        user_id,
        sent_at,
        sent_at - lag(sent_at) over sends > interval '120 minutes' as is_new
    from user_notifications
    window sends as (partition by {TITLE}, layer_id order by sent_at)
),
numbered as (
    select
        *,
        count(*) filter (where is_new)
            over (partition by title, layer_id order by sent_at) as number
    from gaps
)
select title, layer_id, min(sent_at), max(sent_at), count(*), count(distinct user_id)
from numbered
group by title, layer_id, number
"""


def read(url: str, sql: str) -> pa.Table:
    with connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetch_arrow_table()


@pytest.fixture(scope="session")
def database(sources: dict[str, str]) -> dict[str, str]:
    return {name: sources[variable] for name, variable in DATABASES.items()}


@pytest.fixture(scope="session")
def analysis(world: Path, database: dict[str, str]) -> duckdb.DuckDBPyConnection:
    """Give deliveries, deduplicated events and app rows side by side."""
    tables = {
        "notifications": read(
            database["cadence"],
            "select user_id::text as user_id, sent_at, layer_id, "
            f"{TITLE} as title from user_notifications",
        ),
        "closet": read(
            database["app"],
            "select user_id::text as user_id, previous_inventory_item_id is null "
            "as is_added from inventory_items",
        ),
        "wishlist": read(
            database["app"], "select user_id::text as user_id from wishlist_items"
        ),
        "offers": read(
            database["app"],
            "select creator_user_id::text as user_id, is_offer_idea from offers",
        ),
    }
    connection = duckdb.connect()
    connection.execute("set timezone = 'UTC'")
    for name, rows in tables.items():
        connection.register(name, rows)
    connection.execute(
        f"""
        create table events as
        select distinct on (uuid) uuid, event, distinct_id, timestamp
        from '{world}/posthog/events.parquet'
        order by uuid, created_at desc
        """
    )
    return connection


def test_every_declared_table_exists(database: dict[str, str]) -> None:
    declared = {
        (table.origin, table.name)
        for source in ("neon", "chemlink", "engagement", "assistant")
        for table in tables_of(source)
        if table.origin in DATABASES
    }
    existing = {
        (name, table)
        for name, url in database.items()
        for (table,) in query(
            url,
            "select table_name from information_schema.tables "
            "where table_schema = 'public'",
        )
    }
    assert declared <= existing


def test_the_older_environments_lack_two_columns(database: dict[str, str]) -> None:
    columns = "select column_name from information_schema.columns where table_name = "
    votes = query(database["chemlink"], f"{columns} 'query_votes'")
    sends = query(database["cadence"], f"{columns} 'user_notifications'")
    assert ("deleted_at",) not in votes
    assert ("deep_link",) not in sends


def test_clustering_the_sends_gives_the_campaigns_of_the_truth_file(
    world: Path, database: dict[str, str]
) -> None:
    clustered = {
        (title, layer, f"{first:%Y-%m-%dT%H:%M:%S.%f}Z", users)
        for title, layer, first, _, _, users in query(database["cadence"], CAMPAIGNS)
        if layer != 4 and users >= 20
    }
    truth = {
        (one["title"], one["layer_id"], one["first_sent_at"], one["recipients"])
        for one in demo.read_truth(world)["campaigns"]
        if one["recipients"] >= 20
    }
    assert clustered == truth


def test_sends_spread_repeat_and_come_from_tests(database: dict[str, str]) -> None:
    campaigns = query(database["cadence"], CAMPAIGNS)
    minutes = [
        (last - first).total_seconds() / 60 for _, _, first, last, _, _ in campaigns
    ]
    assert 20 < sorted(minutes)[-2] < 25
    assert any(sends > users for _, _, _, _, sends, users in campaigns)
    assert {0, 1, 2, 3, 4, 5} == {layer for _, layer, *_ in campaigns}
    assert any(users < 20 for _, layer, _, _, _, users in campaigns if layer != 4)


def test_both_sides_of_the_campaign_gap_are_planted(database: dict[str, str]) -> None:
    gaps = query(
        database["cadence"],
        f"""
        select
            extract(epoch from sent_at - lag(sent_at) over (
                partition by {TITLE}, layer_id order by sent_at
            ))::float
        from user_notifications
        """,
    )
    assert {(120 * 60,), (120 * 60 + 1,)} <= set(gaps)


def test_titles_are_templates_with_something_unseen_or_nothing(
    database: dict[str, str],
) -> None:
    (counts,) = query(
        database["cadence"],
        f"""
        select
            count(*) filter (where push_title like '%[[var:%'),
            count(*) filter (where push_title <> {TITLE}),
            count(*) filter (where push_title like E'%\\n'),
            count(*) filter (where push_title like E'\\u00a0%'),
            count(*) filter (where push_title like E'\\u202d%'),
            count(*) filter (where push_title is null),
            count(*) filter (where push_title = '')
        from user_notifications
        """,
    )
    assert min(counts) > 0


def test_behavioural_audiences_were_just_active_or_lapsed(
    world: Path, analysis: duckdb.DuckDBPyConnection
) -> None:
    truth = pa.Table.from_pylist(demo.read_truth(world)["campaigns"])
    analysis.register("truth", truth.drop_columns("lifts"))
    rows = analysis.execute(
        """
        with seeds as (
            select user_id from notifications where layer_id = 4
        ),
        recipients as (
            select
                truth.audience,
                truth.first_sent_at::timestamptz as chosen_at,
                user_id
            from notifications
            inner join truth
                on notifications.title = truth.title
                and notifications.sent_at >= truth.first_sent_at::timestamptz
                and notifications.sent_at
                < truth.first_sent_at::timestamptz + interval 30 minutes
            where user_id not in (from seeds)
            group by all
        ),
        activity as (
            select
                audience,
                user_id,
                date_diff('second', max(events.timestamp), chosen_at) / 86400 as days
            from recipients
            left join events
                on recipients.user_id = events.distinct_id
                and events.timestamp < chosen_at
                and year(events.timestamp) = 2026
            group by audience, user_id, chosen_at
        )
        select audience, avg((days < 1)::int), avg((days >= 7)::int)
        from activity
        group by audience
        """
    ).fetchall()
    shares = {audience: (active, lapsed) for audience, active, lapsed in rows}
    assert shares["just active"][0] > 0.9
    assert shares["lapsed"][1] > 0.9
    assert shares["random"][0] < 0.5


def test_events_stand_exactly_on_the_edges_of_windows(
    analysis: duckdb.DuckDBPyConnection,
) -> None:
    edges = analysis.execute(
        """
        with deliveries as (
            select title, layer_id, user_id, min(sent_at) as sent_at
            from notifications
            group by all
        )
        select distinct date_diff('hour', deliveries.sent_at, events.timestamp)
        from deliveries
        inner join events
            on deliveries.user_id = events.distinct_id
            and events.timestamp in (
                deliveries.sent_at,
                deliveries.sent_at + interval 48 hours,
                deliveries.sent_at - interval 720 hours
            )
        """
    ).fetchall()
    assert set(edges) == {(0,), (48,), (-720,)}


@pytest.mark.parametrize(
    ("table", "condition", "event"),
    [
        ("closet", "is_added", "PDP add to closet"),
        ("wishlist", "true", "PDP add to wishlist"),
        ("offers", "not is_offer_idea", "Offer Created"),
    ],
)
def test_the_app_agrees_with_the_captured_events(
    analysis: duckdb.DuckDBPyConnection, table: str, condition: str, event: str
) -> None:
    ((rows,),) = analysis.execute(
        f"select count(*) from {table} where {condition}"
    ).fetchall()
    # A few more: phones with a wrong clock send an event again.
    ((events,),) = analysis.execute(
        "select count(*) from events where event = ? and year(timestamp) = 2026",
        [event],
    ).fetchall()
    assert rows == events


def test_trades_are_confirmed_some_are_not(database: dict[str, str]) -> None:
    ((trades, confirmed, validated, ideas),) = query(
        database["app"],
        """
        select
            count(*),
            count(trades.confirmed_trade_date),
            count(validation_passed_date),
            count(*) filter (where is_offer_idea)
        from trades
        inner join offers on trades.offer_id = offers.id
        where trades.created_at > offers.created_at
        """,
    )
    assert trades > confirmed > validated > 0
    assert 0 < ideas < trades


def test_profile_dates_are_months_present_or_empty(database: dict[str, str]) -> None:
    ((months, present, empty, others),) = query(
        database["chemlink"],
        r"""
        select
            count(*) filter (where end_date ~ '^\d{1,2}-\d{4}$'),
            count(*) filter (where end_date = 'Present'),
            count(*) filter (where end_date = ''),
            count(*) filter (where end_date !~ '^(\d{1,2}-\d{4}|Present|)$')
        from experiences
        """,
    )
    assert min(months, present, empty) > 0
    assert others == 0


def test_nearly_all_posts_are_deleted(database: dict[str, str]) -> None:
    ((share,),) = query(
        database["engagement"],
        "select avg((deleted_at is not null)::int)::float from posts",
    )
    assert share == pytest.approx(0.968, abs=0.015)


@pytest.mark.parametrize(
    ("name", "table"),
    [("chemlink", "persons"), ("chemlink", "experiences"), ("engagement", "posts")],
)
def test_one_minute_holds_most_updates(
    database: dict[str, str], name: str, table: str
) -> None:
    ((share,),) = query(
        database[name],
        f"""
        select max(rows)::float / sum(rows) from (
            select count(*) as rows from {table}
            group by date_trunc('minute', updated_at)
        ) as minutes
        """,
    )
    assert share > 0.4


def test_people_are_known_to_several_systems_under_different_spellings(
    database: dict[str, str],
) -> None:
    app = read(database["app"], "select id::text as id, email from users")
    chemlink = read(
        database["chemlink"],
        "select person_id::text as id, email, kratos_id::text from persons",
    )
    engagement = read(database["engagement"], "select external_id, email from persons")
    identities = read(database["kratos"], "select id::text as id from identities")
    with duckdb.connect() as connection:
        for name, rows in (
            ("app", app),
            ("chemlink", chemlink),
            ("engagement", engagement),
            ("identities", identities),
        ):
            connection.register(name, rows)
        counts = connection.execute(
            """
            select
                (select count(*) from app inner join chemlink
                    on lower(app.email) = lower(chemlink.email)),
                (select count(*) from app inner join chemlink
                    on lower(app.email) = lower(chemlink.email)
                    and app.email <> chemlink.email),
                (select count(*) from engagement inner join chemlink
                    on engagement.external_id = chemlink.id),
                (select count(*) from engagement where external_id is null),
                (select count(*) from engagement anti join chemlink
                    on lower(engagement.email) = lower(chemlink.email)),
                (select count(*) - count(distinct lower(email)) from chemlink),
                (select count(*) from chemlink where email like 'tester-%'
                    or email like 'Tester-%'),
                (select count(*) from chemlink inner join identities
                    on chemlink.kratos_id = identities.id)
            """
        ).fetchone()
    assert min(counts) > 0, counts


def test_no_kept_text_holds_a_personal_value(
    world: Path, database: dict[str, str]
) -> None:
    """Only columns that never land, or land hashed, may name people."""
    texts = set()
    for source in ("neon", "chemlink", "engagement", "assistant"):
        for table in tables_of(source):
            if table.origin not in database:
                continue
            rows = read(database[table.origin], f'select * from "{table.name}"')
            for column in table.columns:
                is_kept_text = column.type == "text" and column.pii.startswith("keep")
                if is_kept_text and column.name in rows.column_names:
                    texts.update(rows[column.name].unique().drop_null().to_pylist())
    assert len(texts) > 50
    content = "\n".join(texts).encode()
    assert not leaked_values(world, content)


def test_every_address_and_number_in_the_databases_is_a_personal_value(
    world: Path, database: dict[str, str]
) -> None:
    known = demo.personal_values(world)
    columns = {
        "app": ("users", "email, first_name, username, phone_number"),
        "chemlink": ("persons", "email, secondary_email, name, mobile_number"),
        "engagement": ("persons", "email, first_name, last_name, mobile_number"),
        "kratos": ("identity_verifiable_addresses", "value"),
        "assistant": ("users", "email, name"),
    }
    for name, (table, selected) in columns.items():
        rows = query(database[name], f"select {selected} from {table}")
        assert {value for row in rows for value in row if value} <= known


def test_the_served_posthog_answers_with_the_events_of_the_world(
    sources: dict[str, str], world: Path
) -> None:
    body = {
        "query": {"kind": "HogQLQuery", "query": "select count() from events"},
        "refresh": "force_blocking",
    }
    request = urllib.request.Request(  # noqa: S310 - a server of this test
        f"{sources['POSTHOG_HOST']}/api/projects/{sources['POSTHOG_PROJECT_ID']}/query/",
        json.dumps(body).encode(),
        {
            "Authorization": f"Bearer {sources['POSTHOG_API_KEY']}",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        ((count,),) = json.load(answer)["results"]
    file = world / "posthog" / "events.parquet"
    assert (count,) == duckdb.execute(f"select count(*) from '{file}'").fetchone()


def test_sources_can_be_served_while_they_are_served(
    sources: dict[str, str], world: Path
) -> None:
    with demo.running_sources(world) as again:
        assert again["NEON_DATABASE_URL"] == sources["NEON_DATABASE_URL"]
    assert query(sources["NEON_DATABASE_URL"], "select 1") == [(1,)]
