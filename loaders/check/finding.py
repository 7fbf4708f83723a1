"""One line of a check."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from warehouse.errors import UserError


@dataclass(frozen=True)
class Finding:
    """What was found at a place: that it is well, or what is wrong and what to do."""

    place: str
    text: str
    is_well: bool = True

    def __str__(self) -> str:
        """Return the line."""
        return f"{'ok   ' if self.is_well else 'WRONG'}  {self.place}: {self.text}"


def told(place: str, look: Callable[[], Iterable[Finding] | None]) -> Iterator[Finding]:
    """Yield what a look finds; a mistake of the user ends it, with its lines."""
    try:
        yield from look() or [Finding(place, "well")]
    except UserError as error:
        for line in str(error).splitlines():
            yield Finding(place, line.removeprefix(f"{place}: "), is_well=False)
