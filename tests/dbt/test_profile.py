import os
from argparse import Namespace
from collections.abc import Callable

import pytest
import yaml
from dbt.config.profile import Profile
from dbt.config.renderer import ProfileRenderer
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context

from tests.conftest import REPOSITORY


@pytest.fixture
def profile_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Profile]:
    """Give a function that lets dbt read the profile for a WAREHOUSE_URL."""

    def read(url: str) -> Profile:
        monkeypatch.setenv("WAREHOUSE_URL", url)
        set_from_args(Namespace(), None)
        set_invocation_context(os.environ)
        text = (REPOSITORY / "profiles.example.yml").read_text(encoding="utf-8")
        return Profile.from_raw_profiles(
            yaml.safe_load(text), "growth_warehouse", ProfileRenderer({})
        )

    return read


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("", "data/warehouse.duckdb"),
        ("duckdb:///elsewhere/w.duckdb", "elsewhere/w.duckdb"),
        ("duckdb:////srv/w.duckdb", "/srv/w.duckdb"),
    ],
)
def test_duckdb_url_names_a_file(
    profile_of: Callable[[str], Profile], url: str, path: str
) -> None:
    profile = profile_of(url)
    assert profile.target_name == "duckdb"
    assert profile.credentials.path == path


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://ann:p%40s%2Fs%C3%A9%25@db.example:6543/growth?sslmode=require",
            ("db.example", 6543, "growth", "ann", "p@s/sé%", "require"),
        ),
        (
            "postgres://ann@db.example/growth",
            ("db.example", 5432, "growth", "ann", "", "prefer"),
        ),
        (
            "postgresql://postgres:@/growth?host=/run/socket",
            ("/run/socket", 5432, "growth", "postgres", "", "prefer"),
        ),
        (
            "postgresql://ann:pw@/growth?port=5555&host=%2Frun%2Fsocket",
            ("/run/socket", 5555, "growth", "ann", "pw", "prefer"),
        ),
        (
            "postgresql://db.example:6543/growth",
            ("db.example", 6543, "growth", "postgres", "", "prefer"),
        ),
    ],
)
def test_postgres_url_names_a_database(
    profile_of: Callable[[str], Profile], url: str, expected: tuple[str | int, ...]
) -> None:
    profile = profile_of(url)
    assert profile.target_name == "postgres"
    found = profile.credentials
    assert expected == (
        found.host,
        found.port,
        found.database,
        found.user,
        found.password,
        found.sslmode,
    )
