"""A few requests at a time: PostHog runs three queries of a project at once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import islice
from typing import TypeVar

AT_ONCE = 3
Item = TypeVar("Item")
Answer = TypeVar("Answer")


def run_concurrently(
    ask: Callable[[Item], Answer], items: Iterable[Item], give_up: Callable[[], None]
) -> Iterator[Answer]:
    """Yield the answer to each item, in the order in which they come.

    Args:
        ask: runs in threads, three at once.
        items: taken as late as possible.
        give_up: called when one has failed, so that the others under way end soon.

    Raises:
        Exception: the first that `ask` raised, after the other answers.
    """
    coming = iter(items)
    failure: BaseException | None = None
    with ThreadPoolExecutor(AT_ONCE) as pool:
        under_way = {pool.submit(ask, item) for item in islice(coming, AT_ONCE)}
        try:
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for error in filter(None, [each.exception() for each in done]):
                    failure, coming = failure or error, iter(())
                    give_up()
                under_way |= {
                    pool.submit(ask, item) for item in islice(coming, len(done))
                }
                yield from (each.result() for each in done if not each.exception())
        except BaseException:
            give_up()
            raise
    if failure:
        raise failure
