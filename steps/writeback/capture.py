"""PostHog's capture endpoint: batches go out by the posthog SDK, and answers are read.

Not by the client of the SDK: it adds properties of this machine, and drops events
silently when its queue is full, when they are large, and on errors in sync mode.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import requests
from posthog.request import EVENTS_ENDPOINT, post
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.stop import stop_after_attempt
from tenacity.wait import wait_random_exponential

from warehouse.errors import UserError

TRIES = 5
TIMEOUT_SECONDS = (10, 60)
JITTER = wait_random_exponential(multiplier=1, min=1, max=60)
REMEDIES = {
    401: "check POSTHOG_PROJECT_KEY, the project API key (phc_...) in its settings",
    403: "check POSTHOG_PROJECT_KEY, the project API key (phc_...) in its settings",
    404: "check POSTHOG_HOST",
}
PASSING = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)
MISFIT = "this write-back and this PostHog do not fit together"
Json = dict[str, Any]


class UnavailableError(Exception):
    """No answer to rely on; worth another try.

    Attributes:
        retry_after: the seconds PostHog asked for.
    """

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Remember how long to wait."""
        super().__init__(message)
        self.retry_after = retry_after


@dataclass(frozen=True)
class PostHogProject:
    """Where the events go.

    Attributes:
        host: the address events are captured at.
        project_key: names the project, and may write to it.
        sleep: waits between tries, given seconds.
    """

    host: str
    project_key: str = field(repr=False)
    sleep: Callable[[float], None] = time.sleep

    def capture(self, batch: list[Json]) -> None:
        """Send events; return when PostHog has accepted all of them.

        Raises:
            UserError: PostHog refuses them, or never answered soundly.
        """
        retrying = Retrying(
            retry=retry_if_exception_type(UnavailableError),
            stop=stop_after_attempt(TRIES),
            wait=_seconds_to_wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            retrying(self._capture_once, batch)
        except UnavailableError as error:
            raise UserError(
                f"PostHog accepted nothing in {TRIES} tries ({error}): check "
                "POSTHOG_HOST or try later"
            ) from None

    def _capture_once(self, batch: list[Json]) -> None:
        try:
            with requests.Session() as session:
                session.max_redirects = 0  # a redirected POST arrives without a body
                response = post(
                    self.project_key,
                    self.host,
                    EVENTS_ENDPOINT,
                    timeout=TIMEOUT_SECONDS,
                    session=session,
                    batch=batch,
                )
        except requests.RequestException as error:
            problem = _problem(error)
        else:
            self._check(response)
            return
        # Raised out here it does not drag the original along, which may quote the key.
        raise problem

    def _check(self, response: requests.Response) -> None:
        """Accept no answer but the one that says the batch was accepted."""
        status = response.status_code
        try:
            content = dict(json.loads(response.content))
        except (ValueError, TypeError):
            content = {"detail": "the answer is not the JSON it should be"}
        if status == 200 and content.get("status") in ("Ok", 1):
            return
        detail = " ".join(str(content.get("detail") or content.get("error")).split())
        told = f"status {status}: {detail}".replace(self.project_key, "***")
        if status in (200, 408, 429) or status >= 500:
            seconds = response.headers.get("Retry-After", "")
            retry_after = float(seconds) if seconds.isdigit() else None
            raise UnavailableError(told, retry_after)
        raise UserError(f"PostHog refuses, {told}; {REMEDIES.get(status, MISFIT)}")


def _problem(error: requests.RequestException) -> Exception:
    if isinstance(error, requests.TooManyRedirects):
        return UserError(
            "POSTHOG_HOST leads to another address: write that one, with https://"
        )
    if isinstance(error, PASSING):
        return UnavailableError("it is out of reach, broke off or is too slow")
    return UserError(
        f"the request fails ({type(error).__name__}): check POSTHOG_HOST and "
        "POSTHOG_PROJECT_KEY"
    )


def _seconds_to_wait(state: RetryCallState) -> float:
    retry_after = state.outcome.exception().retry_after
    return JITTER(state) if retry_after is None else retry_after
