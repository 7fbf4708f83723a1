"""What can go wrong between a loader and PostHog, and what each case asks for."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from dlt.sources.helpers import requests
from urllib3.exceptions import NewConnectionError

from warehouse.errors import UserError

TRIES = 8
TRIES_TO_CONNECT = 3
TOO_MANY_EXPORTS = "too_many_concurrent_file_downloads"
BUDGET_SPENT = "api_queries_budget_exceeded"
ELSEWHERE = "POSTHOG_HOST leads to another address: write that one, with https://"
REMEDIES = {
    **dict.fromkeys((301, 302, 307, 308), ELSEWHERE),
    401: "check POSTHOG_API_KEY: it must be a personal API key (phx_...)",
    402: "the plan of this project does not include this API",
    403: "give the key the scope that is missing and access to POSTHOG_PROJECT_ID",
    404: "check POSTHOG_HOST and POSTHOG_PROJECT_ID",
}
MISFIT = "this project and this PostHog do not fit together"
KEPT = "what is loaded stays, load again to go on"


class TooLargeError(UserError):
    """The answer exceeds one page or PostHog's execution limit: ask for less."""

    def __init__(self, reason: str) -> None:
        """Say what to do if there is nothing smaller to ask for."""
        super().__init__(
            f"posthog: {reason}, and nothing smaller to ask for; load again later"
        )


class DeadlineExceededError(UserError):
    """The time or the budget of this load is spent; the next one goes on."""


class RefusedError(UserError):
    """PostHog refuses, and will refuse the same again."""

    def __init__(self, message: str, status: int) -> None:
        """Remember the status of the answer."""
        super().__init__(message)
        self.status = status


class TransientError(Exception):
    """No sound answer this time; worth another try."""

    def __init__(
        self, message: str, tries: int = TRIES, retry_after: float | None = None
    ) -> None:
        """Remember how often to try, and the seconds Retry-After asked for."""
        super().__init__(message)
        self.tries = tries
        self.retry_after = retry_after


def reason(status: int | str, content: Mapping[str, Any], secret: str) -> str:
    """Return in one line what PostHog says, without the secret."""
    detail = " ".join(str(content.get("detail") or content.get("error")).split())
    return f"status {status}: {detail}".replace(secret, "***")


def refusal(
    response: requests.Response,
    content: Mapping[str, Any],
    secret: str,
    remedies: Mapping[int, str] = REMEDIES,
) -> Exception:
    """Return what an answer that is no success means, and by its status a remedy."""
    status, headers = response.status_code, response.headers
    told = reason(status, content, secret)
    if status == 429 and content.get("code") == BUDGET_SPENT:
        return DeadlineExceededError(_continue_after(headers))
    is_patient = content.get("code") != TOO_MANY_EXPORTS
    if (status == 429 and is_patient) or status >= 500:
        seconds = headers.get("Retry-After", "")
        retry_after = float(seconds) if seconds.isdigit() else None
        return TransientError(told, retry_after=retry_after)
    return RefusedError(f"posthog: {told}; {remedies.get(status, MISFIT)}", status)


def failure(error: requests.RequestException, host: str) -> Exception:
    """Return what a request without an answer means."""
    if isinstance(error, (requests.ChunkedEncodingError, requests.Timeout)):
        return TransientError(f"{host} broke off or is too slow")
    if isinstance(error, requests.ConnectionError):
        cause = getattr(error.args[0], "reason", None)
        never_connected = isinstance(cause, NewConnectionError)
        tries = TRIES_TO_CONNECT if never_connected else TRIES
        return TransientError(f"{host} is out of reach", tries)
    return UserError(
        f"posthog: the request fails ({type(error).__name__}); check POSTHOG_API_KEY "
        "and POSTHOG_HOST, which begins with https://"
    )


def _continue_after(headers: Mapping[str, str]) -> str:
    """Tell when the budget is there again, by the clock of PostHog."""
    told, date = headers.get("Retry-After", ""), headers.get("Date")
    seconds = int(told) if told.isdigit() else 3600
    now = parsedate_to_datetime(date) if date else datetime.now(UTC)
    after = now.astimezone(UTC) + timedelta(seconds=seconds)
    return (
        "posthog: the bytes that queries may read in an hour are spent; continue "
        f"after {after:%Y-%m-%d %H:%M} UTC: {KEPT}"
    )
