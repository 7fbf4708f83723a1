"""What may go wrong on the way from PostHog, invented by hypothesis."""

from dataclasses import dataclass

from hypothesis import strategies as st

from stand_ins.posthog import faults

ON_THE_WIRE = {
    "429": faults.fails(429),
    "429 with Retry-After": faults.fails(429, retry_after=7),
    "500": faults.fails(500),
    "503": faults.fails(503),
    "reset": faults.resets,
    "truncated body": faults.ends_early,
    "slow drip": faults.drips(400, 200),
    "hang": faults.hangs,
}
FAULTS = ON_THE_WIRE | {
    "budget": faults.spends_budget(),
    "504": faults.fails(504),
    "512": faults.fails(512),
    "invalid JSON": faults.is_no_json,
    "error in the content": faults.reports_error,
    "cache": faults.claims_cache,
    "turned columns": faults.turns_columns,
    "extra column": faults.adds_column,
    "missing column": faults.lacks_column("uuid"),
    "duplicate row": faults.repeats_row,
    "lost rows": faults.loses_rows(3),
    "truncation": faults.truncates(5),
    "too slow": faults.too_slow_above(20),
    "arrival": None,
}


@dataclass(frozen=True)
class PlayedFault:
    """A fault that is played `times` times, `gap` requests after the one before."""

    fault: str
    gap: int
    times: int
    endpoint: str

    @property
    def requests(self) -> int:
        """How many requests it is played on; each that hangs takes half a second."""
        return 1 if self.fault == "hang" else self.times


def played_faults() -> st.SearchStrategy[PlayedFault]:
    """Return what may go wrong."""
    return st.builds(
        PlayedFault,
        fault=st.sampled_from(sorted(FAULTS)),
        gap=st.integers(0, 12),
        times=st.sampled_from([1, 1, 2, 9]),
        endpoint=st.sampled_from(["export", "poll", "download", "file"]),
    )
