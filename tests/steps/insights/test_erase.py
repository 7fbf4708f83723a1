from steps.erase.removal import forget_answers
from steps.insights.tables import TABLES
from tests.steps.insights.insights_warehouse import InsightsWarehouse
from warehouse.connection import connect


def test_an_erased_person_leaves_no_answer_and_no_call(
    insights: InsightsWarehouse,
) -> None:
    insights.run()
    eve = "(select cache_key from insights.facets where user_key = 'eve')"
    insights.execute(
        f"insert into insights.theme_notes select 'run', cache_key, 't' from {eve}"
    )
    with connect(insights.url) as connection:
        forget_answers(connection, ["eve"])
        connection.commit()
    left = {
        table: insights.rows(f"select count(*) as rows from insights.{table}")[0][
            "rows"
        ]
        for table in TABLES
    }
    assert left == dict.fromkeys(TABLES, 0) | {"calls": 2, "facets": 2}
    people = insights.rows("select distinct user_key from insights.calls order by 1")
    assert people == [{"user_key": "ann"}, {"user_key": "bob"}]
