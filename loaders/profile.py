"""dbt's profile: `profiles.example.yml` for the warehouse that `.env` may name.

dbt reads the environment but not `.env`, so a WAREHOUSE_URL from there becomes the
default of the profile. Run alone, by `make setup`: `python -m loaders.profile`.
"""

from pathlib import Path

from loaders.settings import DEFAULT_WAREHOUSE_URL, Settings, read_settings

EXAMPLE_FILE = Path(__file__).parents[1] / "profiles.example.yml"
PROFILE_FILE = Path("profiles.yml")


def write_profile(settings: Settings) -> None:
    """Replace profiles.yml; only its owner may read it: a URL can hold a password."""
    profile = EXAMPLE_FILE.read_text(encoding="utf-8").replace(
        # It stands between single quotes there.
        DEFAULT_WAREHOUSE_URL,
        settings.warehouse_url.replace("'", "%27"),
    )
    unfinished = PROFILE_FILE.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    unfinished.write_text(profile, encoding="utf-8")
    unfinished.replace(PROFILE_FILE)


if __name__ == "__main__":
    write_profile(read_settings())
