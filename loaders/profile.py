"""dbt's profile: `profiles.example.yml` for the warehouse that `.env` may name.

dbt reads the environment but not `.env`, so a WAREHOUSE_URL from there becomes the
default of the profile. Run alone, by `make setup`: `python -m loaders.profile`.
"""

from pathlib import Path

from loaders.settings import DEFAULT_WAREHOUSE_URL, Settings, read_settings

EXAMPLE_FILE = Path(__file__).parents[1] / "profiles.example.yml"
PROFILE_FILE = Path("profiles.yml")


def write_profile(settings: Settings) -> None:
    """Write profiles.yml; only its owner may read it, as a URL can hold a password."""
    profile = EXAMPLE_FILE.read_text(encoding="utf-8").replace(
        DEFAULT_WAREHOUSE_URL, settings.warehouse_url
    )
    PROFILE_FILE.touch(mode=0o600)
    PROFILE_FILE.write_text(profile, encoding="utf-8")


if __name__ == "__main__":
    write_profile(read_settings())
