"""Names of variables: what is misspelt is told, what is another's is not."""

from pathlib import Path

import pytest

from warehouse.errors import UserError
from warehouse.settings import DEMO_HASH_KEY, Settings, read_settings

LONG_KEY = "sixteen letters!"
pytestmark = pytest.mark.usefixtures("working_directory")


@pytest.mark.parametrize("place", ["the environment", ".env"])
@pytest.mark.parametrize(
    ("name", "likely"),
    [
        ("NEON_DATABSE_URL", "NEON_DATABASE_URL"),
        ("NEON_APPDATABASE_URL", "NEON_APP_DATABASE_URL"),
        ("CHEMLINK_DB_URL", "CHEMLINK_DATABASE_URL"),
        ("ENGAGMENT_DATABASE_URL", "ENGAGEMENT_DATABASE_URL"),
        ("KRATOS_DATABASE_URI", "KRATOS_DATABASE_URL"),
        ("POSTHOG_PERSONAL_API_KEY", "POSTHOG_API_KEY"),
        ("POSTHOG_PROJCT_ID", "POSTHOG_PROJECT_ID"),
        ("PUSH_LOG_DIR", "PUSH_LOGS_DIR"),
        ("WAREHOUSE", "WAREHOUSE_URL"),
        ("PII_HASHKEY", "PII_HASH_KEY"),
    ],
)
def test_a_misspelt_name_is_told(
    name: str, likely: str, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(likely, raising=False)
    if place == ".env":
        Path(".env").write_text(f"{name}=secret\n")
    else:
        monkeypatch.setenv(name, "secret")
    with pytest.raises(UserError) as told:
        read_settings()
    assert f"{name} in {place} is not read: if you mean {likely}," in str(told.value)
    assert "secret" not in str(told.value)


def test_whether_to_record_is_never_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEMETRY", "OFF")
    with pytest.raises(UserError, match="TELEMETRY is 'OFF': use on or off"):
        read_settings()


def test_names_of_other_programs_are_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *("DATABASE_URL", "TEST_DATABASE_URL", "NEON_API_KEY", "KRATOS_ADMIN_URL"),
        *("POSTHOG_LIVE_HOST", "PUSHGATEWAY_URL", "POSTGRES_URL", "HASH_KEY"),
    ):
        monkeypatch.setenv(name, "theirs")
    monkeypatch.setenv("POSTHOG_PERSONAL_API_KEY", "beside the one that is read")
    monkeypatch.setenv("POSTHOG_API_KEY", "read")
    assert read_settings().posthog_api_key == "read"


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (Settings(pii_hash_key=LONG_KEY), "no source is"),
        (
            Settings.from_environment({"ENGAGEMENT_DATABASE_URL": "x"}),
            "PII_HASH_KEY is not set",
        ),
        (
            Settings.from_environment(
                {"ENGAGEMENT_DATABASE_URL": "x", "PII_HASH_KEY": DEMO_HASH_KEY}
            ),
            "PII_HASH_KEY is not set",
        ),
        (
            Settings.from_environment(
                {"ENGAGEMENT_DATABASE_URL": "x", "PII_HASH_KEY": LONG_KEY[:-1]}
            ),
            "PII_HASH_KEY can be guessed",
        ),
    ],
)
def test_key_and_sources_go_together(settings: Settings, problem: str) -> None:
    with pytest.raises(UserError, match=problem):
        settings.check()


def test_what_may_be_loaded() -> None:
    Settings().check()
    Settings(pii_hash_key=DEMO_HASH_KEY).check()
    Settings.from_environment(
        {"ENGAGEMENT_DATABASE_URL": "x", "PII_HASH_KEY": LONG_KEY}
    ).check()
