from steps.insights.spending import Pace


class Clock:
    """A clock that only moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def starts(requests: int | None, tokens: int | None, sizes: list[int]) -> list[float]:
    """Return when calls of some sizes begin."""
    clock = Clock()
    pace = Pace(requests, tokens, lambda: clock.now, clock.sleep)
    begun = []
    for size in sizes:
        pace.wait(size)
        begun.append(round(clock.now, 6))
    return begun


def test_calls_are_spread_over_the_minute() -> None:
    assert starts(None, None, [10, 10, 10]) == [0, 0, 0]
    assert starts(30, None, [10, 10, 10]) == [0, 2, 4]
    # 600 tokens take a minute of 600 a minute
    assert starts(30, 600, [600, 10, 10]) == [0, 60, 62]
