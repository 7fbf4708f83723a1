"""What calls cost, and that a run spends no more than it may, nor faster."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from adbc_driver_manager.dbapi import Connection

from warehouse.dialect import dialect_of
from warehouse.errors import UserError
from warehouse.tables import read

MILLION = 1_000_000
MINUTE = 60.0
INFINITY = float("inf")
PRICE = """
    select currency, input_per_million, cached_input_per_million, output_per_million
    from seeds.llm_prices
    where model = {model} and valid_from <= date '{day}'
    order by valid_from desc
    limit 1
"""


@dataclass(frozen=True)
class Price:
    """What a model costs, per token."""

    currency: str
    input: Decimal
    cached_input: Decimal
    output: Decimal

    def cost(self, sent: int, cached: int, answered: int) -> Decimal:
        """Return what a call cost that used so many tokens."""
        return (
            self.input * (sent - cached)
            + self.cached_input * cached
            + self.output * answered
        )


def read_price(connection: Connection, model: str) -> Price:
    """Return the price of a model that is valid today.

    Raises:
        UserError: the seed has none that makes sense, so no budget could be kept.
    """
    literal = dialect_of(connection).literal(model)
    query = PRICE.format(model=literal, day=datetime.now(UTC).date())
    rows = read(connection, query).to_pylist()
    if not rows:
        raise UserError(
            f"the model {model} has no price, so no budget can be kept: add it to "
            "seeds/llm_prices.csv (0 for a model of your own), then run `dbt seed`"
        )
    currency, *prices = rows[0].values()
    makes_sense = all(price is not None and 0 <= price < INFINITY for price in prices)
    if not currency or not makes_sense:
        raise UserError(
            f"the price of {model} in seeds/llm_prices.csv is empty or below 0: mend "
            "it, then run `dbt seed`"
        )
    return Price(currency, *(Decimal(str(price)) / MILLION for price in prices))


class Budget:
    """What may be spent: a call is reserved for as if it cost the most it can."""

    def __init__(self, limit: Decimal) -> None:
        """Begin with nothing spent."""
        self.limit = limit
        self.spent = Decimal(0)
        self._reserved = Decimal(0)
        self._changed = threading.Condition()

    def reserve(self, most: Decimal) -> bool:
        """Set an amount aside; False if there is not as much left.

        While calls are in flight that may turn out cheaper, it waits for them.
        """
        with self._changed:
            while self.spent + self._reserved + most > self.limit:
                if not self._reserved:
                    return False
                self._changed.wait()
            self._reserved += most
            return True

    def settle(self, most: Decimal, cost: Decimal) -> None:
        """Replace what was set aside by what it cost."""
        with self._changed:
            self._reserved -= most
            self.spent += cost
            self._changed.notify_all()


class Pace:
    """Spreads calls evenly over each minute, so that no limit of a provider is met."""

    def __init__(
        self,
        requests_per_minute: int | None,
        tokens_per_minute: int | None,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Begin at once."""
        self._requests = requests_per_minute
        self._tokens = tokens_per_minute
        self._now = now
        self._sleep = sleep
        self._next_at = now()
        self._lock = threading.Lock()

    def wait(self, tokens: int) -> None:
        """Wait for the turn of a call of at most so many tokens."""
        with self._lock:
            at = max(self._next_at, self._now())
            by_request = MINUTE / self._requests if self._requests else 0
            by_tokens = MINUTE * tokens / self._tokens if self._tokens else 0
            self._next_at = at + max(by_request, by_tokens)
        if (seconds := at - self._now()) > 0:
            self._sleep(seconds)
