"""PostHog's HTTP API: one request in, one sound answer out, or one clear line.

What may pass is tried again with jittered back-off; how long to wait, and how many
bytes an hour still has, is read from PostHog's headers. All requests of a load share
one deadline.
"""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn, TypeVar

from dlt.sources.helpers import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.wait import wait_random_exponential
from urllib3.exceptions import HTTPError

from loaders.posthog.api.failures import (
    TooLargeError,
    TransientError,
    failure,
    reason,
    refusal,
)
from loaders.posthog.api.limits import Budget, Deadline
from warehouse.errors import UserError

logger = logging.getLogger(__name__)

CHUNK_BYTES = 2**16
JITTER = wait_random_exponential(multiplier=1, min=1, max=60)
TOO_LONG = (504, 512)
Answer = TypeVar("Answer")
Json = dict[str, Any]


@dataclass(frozen=True)
class Api:
    """The API of one project.

    Attributes:
        sleep: waits between tries, given seconds; None: that of the deadline.
        timeouts: to connect, and between two bytes, in seconds.
        patience: for one whole answer, in seconds of `deadline.clock`.
    """

    host: str
    project_id: str
    api_key: str = field(repr=False)
    sleep: Callable[[float], None] | None = None
    timeouts: tuple[float, float] = (10, 120)
    patience: float = 300
    deadline: Deadline = field(default_factory=Deadline)
    budget: Budget = field(default_factory=Budget)
    _session: requests.Session = field(
        default_factory=lambda: requests.Session(raise_for_status=False), repr=False
    )

    @property
    def pause(self) -> Callable[[float], None]:
        """What waits, given seconds."""
        return self.sleep or self.deadline.sleep

    def post(self, path: str, body: Json) -> Json:
        """Send JSON to a path, see `once`; return the JSON of the answer."""
        return self.retrying(lambda: self.once("POST", path, body))

    def get(self, path: str) -> Json:
        """Return the JSON at a path, see `once`."""
        return self.retrying(lambda: self.once("GET", path))

    def redirect(self, path: str) -> str:
        """Return where a path leads to, see `once`."""
        return self.retrying(lambda: self._location(path))

    def retrying(self, ask: Callable[[], Answer]) -> Answer:
        """Return what `ask` returns, trying again while it raises TransientError.

        Raises:
            DeadlineExceededError: the time of this load is spent.
            UserError: no try was sound.
        """
        # Not dlt's own retries: they cap Retry-After, and PostHog may ask for an hour.
        return Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=lambda state: state.attempt_number >= _error(state).tries,
            wait=_seconds_to_wait,
            before_sleep=self._before_sleep,
            sleep=self.pause,
            retry_error_callback=_give_up,
        )(ask)

    def once(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        may_be_cut: bool = False,
    ) -> Json:
        """Send one request with the key; return the JSON of the answer.

        Args:
            method: of HTTP.
            path: after `/api/`, with `{project}` where the project belongs.
            body: what is sent, as JSON.
            may_be_cut: whether the caller can ask for less if it takes too long.

        Raises:
            TooLargeError: it takes too long and may be cut.
            DeadlineExceededError: the time or the budget of this load is spent.
            TransientError: there is no sound answer this time.
            UserError: PostHog refuses.
        """
        response, content = self._ask(method, path, body, may_be_cut)
        if response.status_code not in (200, 202):
            raise refusal(response, content, self.api_key)
        return content

    def send(
        self,
        method: str,
        url: str,
        **options: Any,  # noqa: ANN401
    ) -> requests.Response:
        """Send one request, without the key unless it is in `options`.

        Returns:
            The answer, whose body is still to be read: see `chunks`.

        Raises:
            DeadlineExceededError: the time of this load is spent.
            TransientError: there is no answer this time.
            UserError: the request cannot be sent.
        """
        self.deadline.check()
        try:
            return self._session.request(
                method,
                url,
                timeout=self.timeouts,
                allow_redirects=False,  # the key is for this host only
                stream=True,
                **options,
            )
        except requests.RequestException as error:
            problem = failure(error, self.host.rpartition("@")[2])
        # Raised out here it does not drag the original along, which may quote the key.
        raise problem

    def chunks(self, response: requests.Response) -> Iterator[bytes]:
        """Yield the body of an answer as it comes.

        Raises:
            TransientError: it breaks off, or takes longer than the patience allows.
        """
        end = self.deadline.clock() + self.patience
        try:
            with response:
                while chunk := response.raw.read1(CHUNK_BYTES, decode_content=True):
                    if self.deadline.clock() > end:
                        break
                    yield chunk
                else:
                    return
        except (HTTPError, OSError):
            pass
        raise TransientError("an answer broke off or is too slow")

    def read(self, response: requests.Response) -> Json:
        """Return the JSON of an answer; of one that is no success, at least a reason.

        Raises:
            TransientError: it breaks off, is too slow, or is no JSON.
        """
        text = b"".join(self.chunks(response))
        try:
            # A byte that is no text, of some event, must not stop all of them.
            return dict(json.loads(text.decode(errors="replace") or "{}"))
        except (ValueError, TypeError):
            content = {"detail": "the answer is not the JSON it should be"}
        if response.status_code in (200, 202):
            raise TransientError(reason(response.status_code, content, self.api_key))
        return content

    def _location(self, path: str) -> str:
        response, content = self._ask("GET", path)
        if response.status_code != 302 or not response.headers.get("Location"):
            raise refusal(response, content, self.api_key)
        return response.headers["Location"]

    def _ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        may_be_cut: bool = False,
    ) -> tuple[requests.Response, Json]:
        response = self.send(
            method,
            f"{self.host.rstrip('/')}/api/{path.format(project=self.project_id)}",
            json=body,
            headers={"Authorization": f"Bearer {self.api_key}"},
        )
        content = self.read(response)
        if response.status_code != 429:  # which says itself when to go on
            self.budget.note(response.headers)
        if response.status_code in TOO_LONG and may_be_cut:
            raise TooLargeError(f"a query ran too long (status {response.status_code})")
        return response, content

    def _before_sleep(self, state: RetryCallState) -> None:
        seconds = state.next_action.sleep
        self.deadline.check(seconds)
        logger.warning("posthog: %s; trying again in %.0f s", _error(state), seconds)


def _error(state: RetryCallState) -> TransientError:
    return state.outcome.exception()


def _seconds_to_wait(state: RetryCallState) -> float:
    retry_after = _error(state).retry_after
    return JITTER(state) if retry_after is None else retry_after


def _give_up(state: RetryCallState) -> NoReturn:
    error = _error(state)
    raise UserError(
        f"posthog: no sound answer in {error.tries} tries ({error}); "
        "check POSTHOG_HOST or try again later"
    )
