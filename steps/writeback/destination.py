"""Which PostHog project may get what is in a warehouse."""

from collections.abc import Callable
from ipaddress import ip_address

from loaders.posthog.api.http import Api
from steps.writeback.capture import PostHogProject
from warehouse.addresses import host_of
from warehouse.errors import UserError
from warehouse.settings import Settings

VARIABLES = ("POSTHOG_HOST", "POSTHOG_PROJECT_KEY")
# as the SDK of PostHog sends
INGESTION_HOSTS = {
    "https://app.posthog.com": "https://us.i.posthog.com",
    "https://us.posthog.com": "https://us.i.posthog.com",
    "https://eu.posthog.com": "https://eu.i.posthog.com",
}
# these keys can read or change a project: they have no business in an event
SECRET_PREFIXES = ("phx_", "phs_")


def permitted_project(
    settings: Settings, origins: set[tuple[str, str]], sleep: Callable[[float], None]
) -> PostHogProject:
    """Return the project of the settings.

    Args:
        settings: Those that name it.
        origins: Of the data that it is to get, as `read_origins` returns them.
        sleep: What waits between two tries.

    Raises:
        UserError: it is not named, or must not get what is in this warehouse.
    """
    missing = [name for name in VARIABLES if not settings.value(name)]
    if missing:
        raise UserError(
            f"{', '.join(missing)} is not set: --send takes {' and '.join(VARIABLES)}"
        )
    if settings.posthog_project_key.startswith(SECRET_PREFIXES):
        raise UserError(
            "POSTHOG_PROJECT_KEY is a secret key: use the project API key (phc_...), "
            "which can only send"
        )
    is_local = _is_local(settings.posthog_host)
    if not is_local and not _is_real(origins):
        raise UserError(
            "the warehouse holds demo data, which goes to no project but a local "
            "stand-in (`python -m stand_ins.posthog`): point WAREHOUSE_URL at another "
            "one"
        )
    host = settings.posthog_host.rstrip("/")
    host = INGESTION_HOSTS.get(host, host)
    return PostHogProject(Api(host, "", settings.posthog_project_key, sleep))


def _is_real(origins: set[tuple[str, str]]) -> bool:
    if not origins:
        raise UserError("the warehouse holds no data: run `make load` first")
    return {origin for origin, _ in origins} == {"real"}


def _is_local(host: str) -> bool:
    name = host_of(host)
    if not name:
        raise UserError(
            "POSTHOG_HOST is no address: write for example https://eu.posthog.com"
        )
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False
