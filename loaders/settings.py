"""Configuration: environment variables, and `.env` if present. Nothing else."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

from loaders.errors import UserError, one_line

DEFAULT_WAREHOUSE_URL = "duckdb:///data/warehouse.duckdb"
DEMO_HASH_KEY = "demo-key-for-invented-people-only"
POSTHOG_MODES = ("query", "export", "lake")
DEADLINE_HOURS = 6

SOURCE_VARIABLES = {
    "neon": (
        "NEON_DATABASE_URL",
        "NEON_APP_DATABASE_URL",
        "PUSH_AUTOMATIONS_DIR",
        "PUSH_LOGS_DIR",
    ),
    "chemlink": ("CHEMLINK_DATABASE_URL", "KRATOS_DATABASE_URL"),
    "engagement": ("ENGAGEMENT_DATABASE_URL",),
    "posthog": (
        "POSTHOG_HOST",
        "POSTHOG_PROJECT_ID",
        "POSTHOG_API_KEY",
        "POSTHOG_EXPORT_DIR",
    ),
}


@dataclass(frozen=True)
class Settings:
    """What the environment says; a variable that is not set is None."""

    warehouse_url: str = DEFAULT_WAREHOUSE_URL
    neon_database_url: str | None = None
    neon_app_database_url: str | None = None
    push_automations_dir: str | None = None
    push_logs_dir: str | None = None
    chemlink_database_url: str | None = None
    kratos_database_url: str | None = None
    engagement_database_url: str | None = None
    posthog_host: str | None = None
    posthog_project_id: str | None = None
    posthog_api_key: str | None = None
    posthog_mode: str = "query"
    posthog_export_dir: str | None = None
    posthog_deadline_hours: str | None = None
    posthog_project_key: str | None = None
    pii_hash_key: str | None = None
    sources_copied_at: str | None = None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str | None]) -> "Settings":
        """Read the variables named like the fields; an empty one counts as unset."""
        given = {field.name: environ.get(field.name.upper()) for field in fields(cls)}
        return cls(**{name: value for name, value in given.items() if value})

    def __repr__(self) -> str:
        """Name what is set, never its value: DSNs and keys are secrets."""
        names = [field.name for field in fields(self) if getattr(self, field.name)]
        return f"Settings(set: {', '.join(names)})"

    def value(self, variable: str) -> str | None:
        """Return the value of an environment variable of this configuration."""
        return getattr(self, variable.lower())

    def has_source(self, source: str) -> bool:
        """Tell whether any variable of a source is set."""
        return any(self.value(variable) for variable in SOURCE_VARIABLES[source])

    @property
    def is_demo(self) -> bool:
        """True if no source variable is set: the demo world is the source."""
        return not any(self.has_source(source) for source in SOURCE_VARIABLES)

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

    def check_real(self) -> None:
        """Refuse what would harm real data.

        Raises:
            UserError: the key of the hashes is missing or is the public demo key,
                or the PostHog mode is unknown.
        """
        if self.pii_hash_key in (None, DEMO_HASH_KEY):
            raise UserError(
                "PII_HASH_KEY is not set: real sources need a secret key of your own "
                "to hash personal columns; set it in the environment or in .env "
                "(for example `openssl rand -hex 32`) and keep it"
            )
        if self.posthog_mode not in POSTHOG_MODES:
            raise UserError(
                f"POSTHOG_MODE is {self.posthog_mode!r}: "
                f"use one of {', '.join(POSTHOG_MODES)}"
            )


def read_settings(directory: Path = Path()) -> Settings:
    """Read the settings from the environment, which wins, and from `.env`.

    Raises:
        UserError: `.env` cannot be read; half of it would be worse than none.
    """
    path = directory / ".env"
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read: {one_line(error)}") from error
    for binding in parse_stream(StringIO(text)):
        if binding.error:
            raise UserError(
                f"{path}: line {binding.original.line} is not NAME=value; mend it, and "
                "look for a quote that is not closed"
            )
    from_file = dotenv_values(stream=StringIO(text), interpolate=False)
    given = {name: value for name, value in os.environ.items() if value}
    return Settings.from_environment({**from_file, **given})
