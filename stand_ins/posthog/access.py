"""Who may ask what: the project, its keys and their scopes."""

from stand_ins.answers import Answer
from stand_ins.posthog.answers import failure

PROJECT_ID = "1"
API_KEY = "phx_stand_in"
# A key of the project instead of a person: it may query and nothing else.
SECRET_API_KEY = "phs_stand_in"  # noqa: S105
# A key that exists but has no scope.
UNSCOPED_API_KEY = "phx_stand_in_without_scopes"
SCOPES: dict[str, set[str]] = {
    API_KEY: {"query:read", "batch_export:read", "batch_export:write"},
    SECRET_API_KEY: {"query:read"},
    UNSCOPED_API_KEY: set(),
}


def refusal(project_id: str, authorization: str | None, scope: str) -> Answer | None:
    """Return what a request without the right key meets; None if it may pass."""
    if authorization is None:
        detail = "Authentication credentials were not provided."
        return failure(401, "not_authenticated", detail)
    scopes = SCOPES.get(authorization.removeprefix("Bearer "))
    if scopes is None or not authorization.startswith("Bearer "):
        return failure(401, "authentication_failed", "Invalid personal API key.")
    if project_id != PROJECT_ID:
        detail = "You don't have access to the project."
        return failure(403, "permission_denied", detail)
    if scope not in scopes:
        detail = f"API key missing required scope '{scope}'"
        return failure(403, "permission_denied", detail)
    return None
