"""One call to the model, and how it ended; of what was said nothing is told.

The SDK's retries are the only ones. What an endpoint does not know, such as a schema
for its answers, is left out from then on.
"""

import json
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2
import openai

from steps.insights.dialect import MOST_TOKENS_ANSWERED, Dialect
from steps.insights.endpoint import Endpoint
from steps.insights.failures import charge_of, reason_to_stop, status_of
from steps.insights.spending import Budget, Pace, Price

SECONDS_TO_ANSWER = 60.0
RETRIES = 2
FAILURES_IN_A_ROW = 5
BYTES_AROUND = 500  # that the API adds to what is sent

MOST_TOKENS = 2**31
FINISH_REASONS = ("stop", "length", "content_filter", "tool_calls", "function_call")

OK, INVALID, REFUSED, BUDGET = "ok", "invalid", "refused", "budget"

Message = dict[str, str]

# With OPENAI_LOG=debug the SDK would print what is sent.
logging.getLogger("openai").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Call:
    """How a call ended and what it used.

    Attributes:
        content: what the model answered, for this process only.
        latency_ms: None for a call that was not made.
    """

    status: str
    called_at: datetime
    content: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    latency_ms: int | None = None
    finish_reason: str | None = None


class Client:
    """Asks one model, within its budget.

    Attributes:
        stopped_by: why nothing more is asked; None while it goes on.
        is_over_budget: whether that is the budget.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        price: Price,
    ) -> None:
        """Send nothing yet."""
        self.endpoint = endpoint
        self.price = price
        self.budget = Budget(endpoint.budget)
        self.stopped_by: str | None = None
        self.is_over_budget = False
        self._pace = Pace(endpoint.requests_per_minute, endpoint.tokens_per_minute)
        self._dialect = Dialect()
        self._failures = 0
        self._lock = threading.Lock()
        self._api = openai.OpenAI(
            base_url=endpoint.base_url,
            api_key=endpoint.api_key,
            max_retries=RETRIES,
            timeout=SECONDS_TO_ANSWER,
            # what is sent goes to nobody whom this host names
            http_client=openai.DefaultHttpxClient(
                follow_redirects=False, event_hooks={"response": [_limit_time]}
            ),
        )

    def ask(self, messages: list[Message], schema: dict[str, Any]) -> Call:
        """Ask once, if the budget allows for it, and tell how it ended.

        Args:
            messages: what is sent.
            schema: what the answer has to look like, as JSON Schema says it.
        """
        most_sent, most = self.most(messages, schema)
        called_at = datetime.now(UTC)
        if not self.budget.reserve(most):
            self.is_over_budget = not self.stopped_by
            self._stop(
                f"LLM_BUDGET is {self.budget.limit}, and the next call may exceed it: "
                "raise it, or go on tomorrow"
            )
            return Call(BUDGET, called_at)
        cost = most
        try:
            self._pace.wait(most_sent // 2 + MOST_TOKENS_ANSWERED)
            call, cost = self._call(messages, schema, most)
        finally:
            self.budget.settle(most, cost)
        self._count_failures(call)
        return call

    def most(
        self, messages: list[Message], schema: dict[str, Any]
    ) -> tuple[int, Decimal]:
        """Return the most tokens a call can send, and what it can cost with retries.

        No token is shorter than a byte.
        """
        sent = len(json.dumps([messages, schema], ensure_ascii=False).encode())
        sent += BYTES_AROUND
        once = self.price.cost(sent, 0, MOST_TOKENS_ANSWERED)
        return sent, once * (1 + RETRIES)

    def _call(
        self, messages: list[Message], schema: dict[str, Any], most: Decimal
    ) -> tuple[Call, Decimal]:
        """Return how a call ended, and what it cost at most."""
        called_at, started = datetime.now(UTC), time.monotonic()
        while True:
            dialect = self._dialect
            try:
                raw = self._api.chat.completions.with_raw_response.create(
                    model=self.endpoint.model,
                    messages=messages,
                    **dialect.options(schema),
                )
                call = _answered(raw.http_response, called_at, started)
            except openai.APIError as error:
                if changed := dialect.without(error):
                    self._dialect = changed
                    continue
                if reason := reason_to_stop(error, self.endpoint):
                    self._stop(reason)
                return Call(status_of(error), called_at), charge_of(error, most)
            except ValueError:
                self._stop(
                    f"LLM_BASE_URL: what answers at {self.endpoint.host} is no chat "
                    "completions API: mend the address, which mostly ends in /v1"
                )
                return Call("NotJson", called_at), Decimal(0)
            tries = most * raw.retries_taken / (1 + RETRIES)
            if call.input_tokens is None or call.output_tokens is None:
                return call, most
            cached = min(call.cached_tokens or 0, call.input_tokens)
            used = (call.input_tokens, cached, call.output_tokens)
            return call, tries + self.price.cost(*used)

    def _count_failures(self, call: Call) -> None:
        with self._lock:
            is_sound = call.status in (OK, REFUSED)
            self._failures = 0 if is_sound else self._failures + 1
            if self._failures >= FAILURES_IN_A_ROW:
                self._stop(
                    f"{self._failures} calls in a row failed, the last by "
                    f"{call.status}: see what is wrong at {self.endpoint.host}"
                )

    def _stop(self, reason: str) -> None:
        self.stopped_by = self.stopped_by or reason


class _InTime(httpx2.SyncByteStream):
    """An answer that ends in time: each of its bytes alone may come late enough."""

    def __init__(self, stream: httpx2.SyncByteStream) -> None:
        self._stream = stream
        self._until = time.monotonic() + SECONDS_TO_ANSWER

    def __iter__(self) -> Iterator[bytes]:
        for part in self._stream:
            if time.monotonic() > self._until:
                raise httpx2.ReadTimeout("the answer does not end")
            yield part

    def close(self) -> None:
        self._stream.close()


def _limit_time(response: httpx2.Response) -> None:
    response.stream = _InTime(response.stream)


def _answered(response: httpx2.Response, called_at: datetime, started: float) -> Call:
    """Read an answer.

    Raises:
        ValueError: it is not of the API.
    """
    body = response.json()
    try:
        choice, usage = body["choices"][0], body.get("usage") or {}
        message, finish_reason = choice["message"], choice.get("finish_reason")
        content, refusal = message.get("content"), message.get("refusal")
        cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
        refusal = refusal or finish_reason == "content_filter"
    except (LookupError, TypeError, AttributeError):
        raise ValueError("no chat completion") from None
    return Call(
        REFUSED if refusal else OK,
        called_at,
        content if isinstance(content, str) else "",
        _tokens(usage.get("prompt_tokens")),
        _tokens(usage.get("completion_tokens")),
        _tokens(cached),
        round(1000 * (time.monotonic() - started)),
        # whatever else it says could be of the text
        finish_reason if finish_reason in FINISH_REASONS else None,
    )


def _tokens(count: object) -> int | None:
    """Return a number of tokens, None if it is none: then the call costs the most."""
    is_count = type(count) is int and 0 <= count < MOST_TOKENS
    return count if is_count else None
