import os
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from dbt.config.profile import Profile
from dbt.config.renderer import ProfileRenderer
from dbt.exceptions import DbtProfileError
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context

from tests.conftest import REPOSITORY
from warehouse.connection import postgres_parts
from warehouse.errors import UserError
from warehouse.profile import close_env_file, credentials, write_profile

EXAMPLE = REPOSITORY / "profiles.example.yml"
FIELDS = {"dbname": "database"}


@pytest.fixture
def profile_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Profile]:
    """Give a function that lets dbt read the profile for a WAREHOUSE_URL."""

    def read(url: str, text: str = EXAMPLE.read_text(), command: str = "") -> Profile:
        monkeypatch.setenv("WAREHOUSE_URL", url)
        set_from_args(Namespace(WHICH=command), None)
        set_invocation_context(os.environ)
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
    "url",
    [
        "postgresql://ann:p%40s%2Fs%C3%A9%25@db.example:6543/growth?sslmode=require",
        "postgres://ann@localhost/growth",
        "postgresql://ann:12@34/56",
        "postgresql://ann:a&user=b{{x}}é\"\\'+%2B@db.example:/growth",
        "postgresql://postgres:@/growth?host=/run/socket",
        "postgresql://ann:pw@/growth?port=5555&host=%2Frun%2Fmy%20socket",
        "postgresql://ann:pw@%2Frun%2Fsocket/growth?connect_timeout=3",
        "postgresql://[::1]:6543/a%20b?user=ann&password=x%20y",
        "postgresql://ann@[fe80::1%25eth0]/growth?ssl=true",
        "postgresql://ann:pw@db:1/growth?host=other&port=2&user=bob&dbname=b",
        "postgresql://a:b@db/g?sslmode=verify-full&sslrootcert=/a%20b/ca.pem"
        "&sslcert=/c.pem&sslkey=/k.pem",
    ],
)
def test_dbt_reads_what_the_loader_reads_in_a_url_of_env(
    url: str, working_directory: Path, profile_of: Callable[..., Profile]
) -> None:
    Path(".env").write_text(f"WAREHOUSE_URL={url}\n")
    write_profile()
    profile = profile_of("", Path("profiles.yml").read_text())
    assert profile.target_name == "postgres"
    found = profile.credentials.to_dict()
    expected = postgres_parts(url)
    assert {name: str(found[FIELDS.get(name, name)]) for name in expected} == expected
    assert "port" in expected or found["port"] == 5432
    assert "password" in expected or found["password"] == ""


def test_a_url_of_the_environment_leaves_nothing_of_the_one_in_env() -> None:
    there = credentials("postgresql://a@db.example/g?sslcert=/c.pem&sslkey=/k.pem")
    here = credentials("postgresql://a@localhost/g")
    assert here.keys() == there.keys()
    assert (here["sslmode"], here["sslcert"]) == (None, None)


def test_mf_does_not_read_another_warehouse_than_dbt(
    working_directory: Path, profile_of: Callable[..., Profile]
) -> None:
    url = "postgresql://ann@localhost/growth"
    Path(".env").write_text(f"WAREHOUSE_URL={url}\n")
    write_profile()
    text = Path("profiles.yml").read_text()
    assert profile_of(url, text, "debug").credentials.database == "growth"
    with pytest.raises(DbtProfileError, match=r"is not in \.env: mf needs it there"):
        profile_of(f"{url}_of_today", text, "debug")
    assert profile_of(f"{url}_of_today", text).target_name == "postgres"


def test_a_spark_url_says_what_is_not_installed(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(".env").write_text("WAREHOUSE_URL=sc://spark.example/;token=hush\n")
    with pytest.raises(UserError, match=r"dbt-spark is not installed .*make") as told:
        write_profile()
    assert "hush" not in str(told.value)


def test_dbt_refuses_a_url_of_another_database(
    profile_of: Callable[[str], Profile],
) -> None:
    with pytest.raises(DbtProfileError, match="WAREHOUSE_URL names no warehouse"):
        profile_of("mysql://ann@db.example/growth")


@pytest.mark.parametrize(
    "url",
    ["duckdb:///it's \\a {{b}}/w.duckdb", "postgresql://a:it's@db.example/growth"],
)
def test_the_profile_is_of_the_env_file(
    url: str, working_directory: Path, profile_of: Callable[..., Profile]
) -> None:
    Path(".env").write_text(f"WAREHOUSE_URL={url}\n")
    write_profile()
    text = Path("profiles.yml").read_text()
    credentials = profile_of("", text).credentials
    if url.startswith("duckdb"):
        assert credentials.path == url.removeprefix("duckdb:///")
    else:
        assert credentials.password == "it's"


def test_an_env_file_that_others_can_read_is_closed_and_told_once(
    working_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    close_env_file()
    Path(".env").touch(mode=0o640)
    close_env_file()
    assert Path(".env").stat().st_mode & 0o777 == 0o600
    close_env_file()
    assert capsys.readouterr().err == (
        "others could read .env, which holds passwords: it is mode 600 now\n"
    )


def test_a_url_of_one_command_is_not_stored(
    working_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAREHOUSE_URL", "postgresql://ann:secret@db.example/growth")
    write_profile()
    assert yaml.safe_load(Path("profiles.yml").read_text()) == yaml.safe_load(
        EXAMPLE.read_text()
    )
