"""PostHog's query API as Arrow: one HogQL query in, one typed table out.

Every query is asked with `refresh: force_blocking` and an explicit LIMIT, and a full
page counts as cut off: without these PostHog answers from a cache, or with 100 rows,
or with the first 50,000, and says nothing.
"""

import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pyarrow as pa
from dlt.sources.helpers import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_random_exponential
from urllib3.exceptions import NewConnectionError

from loaders.errors import UserError

logger = logging.getLogger(__name__)

PAGE_CAP = 50_000
TRIES = 8
TRIES_TO_CONNECT = 3
TIMEOUT_SECONDS = (10, 120)
JITTER = wait_random_exponential(multiplier=1, min=1, max=60)
REMEDIES = {
    401: "check POSTHOG_API_KEY: it must be a personal API key (phx_...)",
    402: "the plan of this project does not include the query API",
    403: "give the key the scope query:read and access to POSTHOG_PROJECT_ID",
    404: "check POSTHOG_HOST and POSTHOG_PROJECT_ID",
}
MISFIT = "the loader and this PostHog do not fit together"

Values = Mapping[str, str | int]


class TooLargeError(UserError):
    """The answer exceeds one page or PostHog's execution limit: ask for less."""

    def __init__(self, reason: str) -> None:
        """Say what to do if there is nothing smaller to ask for."""
        super().__init__(
            f"posthog: {reason}, and nothing smaller to ask for; load again later"
        )


class UnavailableError(Exception):
    """No sound answer this time; worth another try."""

    def __init__(
        self, message: str, tries: int = TRIES, retry_after: float | None = None
    ) -> None:
        """Remember how often to try, and the seconds Retry-After asked for."""
        super().__init__(message)
        self.tries = tries
        self.retry_after = retry_after


@dataclass(frozen=True)
class PostHogClient:
    """The query API of one project.

    Attributes:
        page_cap: the most rows PostHog gives in one answer.
        sleep: waits between tries, given seconds.
    """

    host: str
    project_id: str
    api_key: str = field(repr=False)
    page_cap: int = PAGE_CAP
    sleep: Callable[[float], None] = time.sleep
    _session: requests.Session = field(
        default_factory=lambda: requests.Session(TIMEOUT_SECONDS, False), repr=False
    )

    def query(self, hogql: str, values: Values, schema: pa.Schema) -> pa.Table:
        """Run a HogQL query that has no LIMIT of its own.

        Args:
            hogql: the query, with `{name}` placeholders.
            values: what PostHog puts in for them, escaped by PostHog.
            schema: the columns to take from the answer, by name, and their types.

        Raises:
            TooLargeError: the page came back full, or the query ran too long.
            UserError: PostHog refuses, or never gave a sound answer.
        """
        body = {
            "query": {
                "kind": "HogQLQuery",
                "query": f"{hogql} limit {self.page_cap}",
                "values": dict(values),
            },
            "name": "growth warehouse",
            "refresh": "force_blocking",
        }
        rows = self._retrying(lambda: _typed(self._ask(body), schema))
        if rows.num_rows >= self.page_cap:
            raise TooLargeError(f"a full page of {rows.num_rows} rows")
        return rows

    @property
    def _retrying(self) -> Retrying:
        # Not dlt's own retries: they cap Retry-After, and PostHog may ask for an hour.
        return Retrying(
            retry=retry_if_exception_type(UnavailableError),
            stop=lambda state: state.attempt_number >= _error(state).tries,
            wait=_seconds_to_wait,
            before_sleep=_log_wait,
            sleep=self.sleep,
            retry_error_callback=_give_up,
        )

    def _ask(self, body: dict[str, Any]) -> dict[str, Any]:
        host = self.host.rstrip("/")
        try:
            response = self._session.post(
                f"{host}/api/projects/{self.project_id}/query/",
                json=body,
                headers={"Authorization": f"Bearer {self.api_key}"},
                allow_redirects=False,  # the key is for this host only
            )
        except requests.RequestException as error:
            failure = _failure(error, host.rpartition("@")[2])
        else:
            return _content(response, self.api_key)
        # Raised out here it does not drag the original along, which may quote the key.
        raise failure


def _failure(error: requests.RequestException, host: str) -> Exception:
    if isinstance(error, (requests.ChunkedEncodingError, requests.Timeout)):
        return UnavailableError(f"{host} broke off or is too slow")
    if isinstance(error, requests.ConnectionError):
        cause = getattr(error.args[0], "reason", None)
        never_connected = isinstance(cause, NewConnectionError)
        tries = TRIES_TO_CONNECT if never_connected else TRIES
        return UnavailableError(f"{host} is out of reach", tries)
    return UserError(
        f"posthog: the request fails ({type(error).__name__}); check POSTHOG_API_KEY "
        "and POSTHOG_HOST, which begins with https://"
    )


def _content(response: requests.Response, secret: str) -> dict[str, Any]:
    status = response.status_code
    if status in (504, 512):
        raise TooLargeError(f"a query ran too long (status {status})")
    try:
        content = dict(json.loads(response.content))
    except (ValueError, TypeError):
        content = {"detail": "the answer is not the JSON it should be"}
    detail = " ".join(str(content.get("detail") or content.get("error")).split())
    reason = f"status {status}: {detail}".replace(secret, "***")
    if status == 429 or status >= 500:
        seconds = response.headers.get("Retry-After", "")
        retry_after = float(seconds) if seconds.isdigit() else None
        raise UnavailableError(reason, retry_after=retry_after)
    if status != 200:
        raise UserError(f"posthog: {reason}; {REMEDIES.get(status, MISFIT)}")
    if content.get("error") or not content.keys() >= {"columns", "results"}:
        raise UnavailableError(reason)
    if content.get("is_cached"):
        raise UnavailableError("a cached answer, though a fresh one was asked for")
    return content


def _typed(content: dict[str, Any], schema: pa.Schema) -> pa.Table:
    names, rows = content["columns"], content["results"]
    try:
        values = list(zip(*rows, strict=True)) or [()] * len(names)
        columns = dict(zip(names, values, strict=True))
    except (ValueError, TypeError):
        raise UnavailableError("the rows of the answer are not all alike") from None
    missing = [name for name in schema.names if name not in columns]
    if missing:
        raise UserError(f"posthog: the answer lacks {', '.join(missing)}; {MISFIT}")
    arrays = [_array(columns[field.name], field.type) for field in schema]
    misfits = [
        name for name, array in zip(schema.names, arrays, strict=True) if array is None
    ]
    if misfits:
        raise UserError(f"posthog: {', '.join(misfits)} changed type; {MISFIT}")
    return pa.table(arrays, schema=schema)


def _array(values: Sequence[Any], kind: pa.DataType) -> pa.Array | None:
    """Return the values as an array; None, and not the value, tells of a misfit."""
    try:
        # A time without a zone does not cast: it is never guessed at.
        return pa.array(values).cast(kind)
    except pa.ArrowException:
        return None


def _error(state: RetryCallState) -> UnavailableError:
    return state.outcome.exception()


def _seconds_to_wait(state: RetryCallState) -> float:
    retry_after = _error(state).retry_after
    return JITTER(state) if retry_after is None else retry_after


def _give_up(state: RetryCallState) -> NoReturn:
    error = _error(state)
    raise UserError(
        f"posthog: no sound answer in {error.tries} tries ({error}); "
        "check POSTHOG_HOST or load again later"
    )


def _log_wait(state: RetryCallState) -> None:
    seconds = state.next_action.sleep
    logger.warning("posthog: %s; trying again in %.0f s", _error(state), seconds)
