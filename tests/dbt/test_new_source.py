"""The page docs/new_source.md, followed as it stands."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, execute, query
from tests.loaders.conftest import SCHEMA

STEP = re.compile(r"^## \d\. `(\S+)`: (.+?)$.*?^```\w+\n(.*?)^```$", re.M | re.S)
FOLDERS = ("loaders", "macros", "models", "seeds", "snapshots", "tests", "warehouse")
END_OF_LIST = "    }) %}\n"
# The first learner has the address of a person on the engagement platform.
ACADEMY = """
create table learners (
    id uuid primary key, email text, full_name text, created_at timestamptz,
    updated_at timestamptz, deleted_at timestamptz
);
create table completions (
    id bigint primary key, learner_id uuid, completed_at timestamptz
);
insert into learners values
    ('00000000-0000-0000-0000-0000000000a1', '{known}', 'A Name', '2026-01-01+00'),
    ('00000000-0000-0000-0000-0000000000a2', 'new@academy.example', 'Another Name',
     '2026-01-02+00');
insert into completions values
    (1, '00000000-0000-0000-0000-0000000000a1', '2026-01-03 10:00:00+00'),
    (2, '00000000-0000-0000-0000-0000000000a1', '2026-01-04 10:00:00+00'),
    (3, '00000000-0000-0000-0000-0000000000a2', '2026-01-04 11:00:00+00');
"""
ACTIVITY = """
    select
        users.signup_at is not null, users.is_in_engagement, activity.activity_count
    from aggregates.agg_user_activity as activity
    inner join core.dim_users as users on activity.user_key = users.user_key
    where activity.activity_type = 'lesson_completed'
    order by 3 desc
"""


def follow_the_page(project: Path) -> list[str]:
    """Do what the page says in a copy of the project; return the files it touches."""
    text = (REPOSITORY / "docs" / "new_source.md").read_text(encoding="utf-8")
    steps = STEP.findall(text)
    for name, place, block in steps:
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        if place == "in its list":
            assert before.count(END_OF_LIST) == 1
            after = before.replace(END_OF_LIST, block + END_OF_LIST)
        else:
            assert bool(before) == (place == "at its end")
            after = before + block
        path.write_text(after, encoding="utf-8")
    return [name for name, _, _ in steps]


@pytest.mark.slow
def test_a_new_source_takes_five_files(
    new_database: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    for folder in FOLDERS:
        shutil.copytree(REPOSITORY / folder, project / folder)
    for name in ("dbt_project.yml", "profiles.example.yml"):
        shutil.copy(REPOSITORY / name, project)
    assert len(follow_the_page(project)) == 5
    academy, engagement = new_database(), new_database()
    execute(engagement, SCHEMA)
    [(known,)] = query(engagement, "select email from persons order by id limit 1")
    execute(academy, ACADEMY.format(known=known))
    warehouse = f"duckdb:///{tmp_path}/warehouse.duckdb"
    monkeypatch.chdir(project)
    (project / "profiles.yml").symlink_to("profiles.example.yml")
    environment = os.environ | {
        "ACADEMY_DATABASE_URL": academy,
        "ENGAGEMENT_DATABASE_URL": engagement,
        "PII_HASH_KEY": "a key of sixteen characters",
        "WAREHOUSE_URL": warehouse,
    }
    selected = ("+agg_user_activity", "+agg_daily_activity")
    for command in (
        (sys.executable, "-m", "loaders"),
        (
            *(Path(sys.executable).with_name("dbt"), "build", "--quiet", "--select"),
            *(*selected, "--indirect-selection", "cautious"),
            # they bring rows of their own, and none of the new source
            *("--exclude-resource-type", "unit_test"),
        ),
    ):
        completed = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
        assert completed.returncode == 0, completed.stdout + completed.stderr
    assert query(warehouse, ACTIVITY) == [(True, True, 2), (True, False, 1)]
    assert query(
        warehouse,
        "select metric_date, cast(sum(activity_count) as bigint) "
        "from aggregates.agg_daily_activity "
        "where activity_type = 'lesson_completed' and activity_count > 0 "
        "group by 1 order by 1",
    ) == [(date(2026, 1, 3), 1), (date(2026, 1, 4), 2)]
    assert query(
        warehouse,
        "select is_configured, has_accounts from core.dim_source_systems "
        "where source_system = 'academy'",
    ) == [(True, True)]
