"""Which model may be asked, how fast and for how much: the variables LLM_*."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from warehouse.addresses import host_of
from warehouse.errors import UserError
from warehouse.postgres import LOCAL_HOSTS
from warehouse.settings import Settings

REQUIRED = ("LLM_BASE_URL", "LLM_API_KEY", "LLM_MODEL")
CALLS_IN_FLIGHT, MOST_IN_FLIGHT = 4, 64  # each has a thread
DIGITS = 9


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that speaks the chat completions API.

    Attributes:
        budget: what one run may cost at most, in the currency of the price.
        concurrency: calls in flight.
        requests_per_minute: the most; None for no limit.
        tokens_per_minute: the most; None for no limit.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    budget: Decimal
    concurrency: int = CALLS_IN_FLIGHT
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None

    @property
    def host(self) -> str:
        """The name that errors tell; a URL could hold a key."""
        return host_of(self.base_url) or ""


def read_endpoint(settings: Settings) -> Endpoint | None:
    """Return the endpoint of the settings; None if nobody named one.

    Raises:
        UserError: it is named in part, or something of it makes no sense.
    """
    missing = [name for name in REQUIRED if not settings.value(name)]
    if missing == list(REQUIRED):
        return None
    if missing:
        raise UserError(
            f"{', '.join(missing)} is not set: to ask a model, set "
            f"{', '.join(REQUIRED)}; to ask none, set none of them"
        )
    _check_url(settings.llm_base_url)
    return Endpoint(
        settings.llm_base_url,
        settings.llm_api_key,
        settings.llm_model,
        _budget(settings.llm_budget),
        _whole_number(settings, "LLM_CONCURRENCY", MOST_IN_FLIGHT) or CALLS_IN_FLIGHT,
        _whole_number(settings, "LLM_REQUESTS_PER_MINUTE"),
        _whole_number(settings, "LLM_TOKENS_PER_MINUTE"),
    )


def _check_url(url: str) -> None:
    host = host_of(url)
    if not host:
        raise UserError(
            "LLM_BASE_URL is no address: write for example https://api.openai.com/v1"
        )
    if not url.lower().startswith("https:") and host not in LOCAL_HOSTS:
        raise UserError(
            f"LLM_BASE_URL: others can read what http sends to {host}: use https, or "
            "a tunnel to localhost"
        )


def _budget(given: str | None) -> Decimal:
    try:
        budget = Decimal(given or "")
    except InvalidOperation:
        budget = Decimal(-1)
    if not budget.is_finite() or budget < 0:
        problem = f"is {given!r}" if given else "is not set"
        raise UserError(
            f"LLM_BUDGET {problem}: say what a run may cost at most, as a number in "
            "the currency of seeds/llm_prices.csv, such as 1.50"
        )
    return budget


def _whole_number(
    settings: Settings, variable: str, most: int = 10**DIGITS
) -> int | None:
    given = settings.value(variable)
    if given is None:
        return None
    if not given.isdecimal() or len(given) > DIGITS or not 0 < int(given) <= most:
        raise UserError(
            f"{variable} is {given!r}: use a whole number from 1 to {most:,}"
        )
    return int(given)
