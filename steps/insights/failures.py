"""What a call without an answer means: its status, and whether others fail too."""

from decimal import Decimal

import httpx2
import openai

from steps.insights.endpoint import Endpoint

RATE_LIMITED, TIMEOUT = "rate_limited", "timeout"
REDIRECTS, SERVER_ERRORS = range(300, 400), range(500, 600)


def status_of(error: openai.APIError) -> str:
    """Return how a call ended: nothing that an error quotes is told."""
    if isinstance(error, openai.APITimeoutError):
        return TIMEOUT
    if isinstance(error, openai.RateLimitError):
        return RATE_LIMITED
    return type(error).__name__


def reason_to_stop(error: openai.APIError, endpoint: Endpoint) -> str | None:
    """Return why the next call would fail, too; None if it need not."""
    host, model = endpoint.host, endpoint.model
    status = getattr(error, "status_code", 0)
    if isinstance(error.__cause__, httpx2.ConnectError):
        return (
            f"LLM_BASE_URL: nothing answers at {host}: mend the address, or look at "
            "the network"
        )
    if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
        return f"the quota at {host} is used up: raise it there"
    if status in (401, 403) or (status == 400 and "api key" in str(error.body).lower()):  # noqa: PLR2004
        return f"{host} refuses LLM_API_KEY: mend the key, or its rights"
    if status in (404, 405):
        return (
            f"{host} has no model {model}, or LLM_BASE_URL lacks its path: mend "
            "LLM_MODEL or LLM_BASE_URL"
        )
    if status in REDIRECTS:
        return f"{host} sends elsewhere: set LLM_BASE_URL to where it leads"
    return None


def charge_of(error: openai.APIError, most: Decimal) -> Decimal:
    """Return what a call without an answer may have cost: a refused one nothing."""
    status = getattr(error, "status_code", None)
    is_refused = status is not None and status not in SERVER_ERRORS
    return Decimal(0) if is_refused else most
