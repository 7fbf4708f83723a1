"""Configuration: environment variables, and `.env` if present. Nothing else."""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from pathlib import Path

import yaml

from warehouse.env_file import read_env_file
from warehouse.errors import UserError

ENV_FILE = Path(".env")
DEFAULT_WAREHOUSE_URL = "duckdb:///data/warehouse.duckdb"
DEMO_HASH_KEY = "demo-key-for-invented-people-only"
POSTHOG_MODES = ("query", "export", "lake")
DEADLINE_HOURS = 6
SHORTEST_HASH_KEY = 16
# How much alike two names are, of 1, if one is taken for a misspelling of the other.
MISSPELT = 0.75
NAMES_OF_TESTS = {
    "POSTHOG_LIVE_HOST",
    "POSTHOG_LIVE_PROJECT_ID",
    "POSTHOG_LIVE_API_KEY",
    "LLM_LIVE_BASE_URL",
    "LLM_LIVE_API_KEY",
    "LLM_LIVE_MODEL",
}

CONTRACT_FILE = Path(__file__).parents[1] / "loaders" / "contract.yml"
# What is read otherwise than as a database called like its origin in the contract.
DATABASE_NAMES = {"cadence": "NEON", "app": "NEON_APP"}
NO_DATABASES = ("files", "query")
POSTHOG = ("HOST", "PROJECT_ID", "API_KEY", "EXPORT_DIR")
OTHER_VARIABLES = {
    "neon": ("PUSH_AUTOMATIONS_DIR", "PUSH_LOGS_DIR"),
    "posthog": tuple(f"POSTHOG_{name}" for name in POSTHOG),
    "telemetry": ("TELEMETRY_DIR",),
}
# What this project records of itself is loaded whether or not an app writes too.
ALWAYS_LOADED = "telemetry"


def _databases() -> dict[str, dict[str, str]]:
    """Return the variable of each database of the contract, by source and origin."""
    contract = yaml.safe_load(CONTRACT_FILE.read_text(encoding="utf-8"))
    return {
        source: {
            origin: f"{DATABASE_NAMES.get(origin, origin.upper())}_DATABASE_URL"
            for origin in origins
            if origin not in NO_DATABASES
        }
        for source, origins in contract["sources"].items()
    }


DATABASES = _databases()
SOURCE_VARIABLES = {
    source: (*databases.values(), *OTHER_VARIABLES.get(source, ()))
    for source, databases in DATABASES.items()
}
DATABASE_VARIABLES = [
    variable for databases in DATABASES.values() for variable in databases.values()
]


@dataclass(frozen=True)
class Settings:
    """What the environment says; a variable that is not set is None.

    Attributes:
        database_urls: The DSNs of DATABASE_VARIABLES; what is not set is not in it.
    """

    warehouse_url: str = DEFAULT_WAREHOUSE_URL
    warehouse_memory: str | None = None
    lake_url: str | None = None
    spark_table_format: str = "parquet"
    database_urls: Mapping[str, str] = field(default_factory=dict)
    push_automations_dir: str | None = None
    push_logs_dir: str | None = None
    posthog_host: str | None = None
    posthog_project_id: str | None = None
    posthog_api_key: str | None = None
    posthog_mode: str = "query"
    posthog_export_dir: str | None = None
    posthog_deadline_hours: str | None = None
    posthog_project_key: str | None = None
    pii_hash_key: str | None = None
    sources_copied_at: str | None = None
    llm_base_url: str | None = None
    llm_api_key: str | None = None
    llm_model: str | None = None
    llm_budget: str | None = None
    llm_concurrency: str | None = None
    llm_requests_per_minute: str | None = None
    llm_tokens_per_minute: str | None = None
    slack_webhook_url: str | None = None
    telemetry: str = "on"
    telemetry_dir: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str | None]) -> "Settings":
        """Read the variables of this configuration; an empty one counts as unset."""
        given = {name: value for name in VARIABLES if (value := environ.get(name))}
        database_urls = {
            name: given.pop(name) for name in DATABASE_VARIABLES if name in given
        }
        others = {name.lower(): value for name, value in given.items()}
        return cls(database_urls=database_urls, **others)

    def __repr__(self) -> str:
        """Name what is set, never its value: DSNs and keys are secrets."""
        names = [name for name in VARIABLES if self.value(name)]
        return f"Settings(set: {', '.join(names)})"

    def value(self, variable: str) -> str | None:
        """Return the value of an environment variable of this configuration."""
        if variable in DATABASE_VARIABLES:
            return self.database_urls.get(variable)
        return getattr(self, variable.lower())

    def has_source(self, source: str) -> bool:
        """Tell whether there is something to load of a source."""
        return source == ALWAYS_LOADED or self._is_set(source)

    def _is_set(self, source: str) -> bool:
        return any(self.value(variable) for variable in SOURCE_VARIABLES[source])

    @property
    def is_demo(self) -> bool:
        """True if no source variable is set: the demo world is the source."""
        return not any(map(self._is_set, SOURCE_VARIABLES))

    @property
    def hash_key(self) -> str:
        """The key of the hashes; the demo has one that anybody may know."""
        return DEMO_HASH_KEY if self.is_demo else str(self.pii_hash_key)

    @property
    def deadline_hours(self) -> float:
        """How long the requests to PostHog of one load may take.

        Raises:
            UserError: POSTHOG_DEADLINE_HOURS is no number above 0.
        """
        given = self.posthog_deadline_hours or str(DEADLINE_HOURS)
        try:
            hours = float(given)
        except ValueError:
            hours = 0
        if not 0 < hours < float("inf"):
            raise UserError(
                f"POSTHOG_DEADLINE_HOURS is {given!r}: use a number of hours above 0"
            )
        return hours

    @property
    def copied_at(self) -> datetime | None:
        """When the sources were copied; None if they are no copies.

        Raises:
            UserError: SOURCES_COPIED_AT is no time with an offset.
        """
        if not self.sources_copied_at:
            return None
        try:
            moment = datetime.fromisoformat(self.sources_copied_at)
        except ValueError:
            moment = datetime.min
        if moment.tzinfo is None:
            raise UserError(
                f"SOURCES_COPIED_AT is {self.sources_copied_at!r}: use a time with "
                "its offset, such as 2026-09-30T06:00:00+00:00"
            )
        return moment

    def check(self) -> None:
        """Refuse what would harm real data, and the demo where they were meant.

        Raises:
            UserError: the key of the hashes and the sources do not go together, the
                key is short or public, or the PostHog mode is unknown.
        """
        if self.is_demo and self.pii_hash_key in (None, DEMO_HASH_KEY):
            return
        if self.is_demo:
            raise UserError(
                "PII_HASH_KEY is set, but no source is: name one, such as "
                "NEON_DATABASE_URL; for the demo unset the key, or use --demo"
            )
        if self.pii_hash_key in (None, DEMO_HASH_KEY):
            raise UserError(
                "PII_HASH_KEY is not set: real sources need a secret key of your own "
                "to hash personal columns; set it in the environment or in .env "
                "(for example `openssl rand -hex 32`) and keep it"
            )
        if len(self.pii_hash_key) < SHORTEST_HASH_KEY:
            raise UserError(
                f"PII_HASH_KEY can be guessed: use {SHORTEST_HASH_KEY} characters or "
                "more, for example of `openssl rand -hex 32`"
            )
        if self.posthog_mode not in POSTHOG_MODES:
            raise UserError(
                f"POSTHOG_MODE is {self.posthog_mode!r}: "
                f"use one of {', '.join(POSTHOG_MODES)}"
            )


VARIABLES = [
    *DATABASE_VARIABLES,
    *(one.name.upper() for one in fields(Settings) if one.name != "database_urls"),
]


def read_settings(directory: Path = Path()) -> Settings:
    """Read the settings from the environment, which wins, and from `.env`.

    Raises:
        UserError: `.env` cannot be read, a name looks like a misspelt one of ours, or
            it is not clear whether to record what commands take.
    """
    from_file = read_env_file(directory / ENV_FILE)
    given = from_file | {key: value for key, value in os.environ.items() if value}
    _check_names(given, from_file)
    settings = Settings.from_environment(given)
    if settings.telemetry not in ("on", "off"):
        raise UserError(f"TELEMETRY is {settings.telemetry!r}: use on or off")
    return settings


def _check_names(
    given: Mapping[str, str | None], from_file: Mapping[str, str | None]
) -> None:
    """Refuse what looks like a misspelt name of ours, where the right one is not set.

    Its first word has to be alike as well: others have a DATABASE_URL of their own.
    """
    for name in sorted(given.keys() - set(VARIABLES) - NAMES_OF_TESTS):
        for likely in difflib.get_close_matches(name, VARIABLES, 1, MISSPELT):
            words = (name.split("_")[0], likely.split("_")[0])
            is_alike = difflib.SequenceMatcher(None, *words).ratio() >= MISSPELT
            if is_alike and given[name] and not given.get(likely):
                place = ".env" if name in from_file else "the environment"
                raise UserError(
                    f"{name} in {place} is not read: if you mean {likely}, call it "
                    "that, else unset it"
                )
