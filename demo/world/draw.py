"""Seeded random draws: everything in the world that is left to chance."""

import zlib

import numpy as np
import pyarrow as pa

from demo.world.scale import DAY, HOUR, Scale

HEX = np.array([f"{byte:02x}" for byte in range(256)], "S2")

# Share of the busiest hour, local time: quiet nights, a lunch bump, evening peak.
HOURS = np.array(
    [25, 15, 10, 6, 5, 8, 15, 30, 45, 50, 55, 65]
    + [75, 70, 62, 60, 62, 70, 80, 92, 100, 95, 75, 45]
)
WEEKDAYS = np.array([80, 78, 80, 85, 90, 100, 96])
WEEKLY_CYCLE = np.outer(WEEKDAYS, HOURS).ravel() / 10_000
MONDAY = 4 * DAY  # 1970-01-05, the first Monday after the epoch
REDRAWS = 6


def generator(scale: Scale, topic: str) -> np.random.Generator:
    """Return the draws of one topic, independent of how much other topics draw."""
    return np.random.default_rng([scale.seed, zlib.crc32(topic.encode())])


def uuids(rng: np.random.Generator, count: int) -> pa.StringArray:
    """Draw random (version 4) uuids in their usual text form."""
    values = rng.integers(0, 256, (count, 16), np.uint8)
    values[:, 6] = values[:, 6] & 0x0F | 0x40
    values[:, 8] = values[:, 8] & 0x3F | 0x80
    digits = HEX[values].view("S1").reshape(count, 32)
    text = np.full((count, 36), b"-", "S1")
    text[:, :8] = digits[:, :8]
    text[:, 9:13] = digits[:, 8:12]
    text[:, 14:18] = digits[:, 12:16]
    text[:, 19:23] = digits[:, 16:20]
    text[:, 24:] = digits[:, 20:]
    offsets = np.arange(count + 1, dtype=np.int32) * 36
    return pa.StringArray.from_buffers(
        count, pa.py_buffer(offsets), pa.py_buffer(text.tobytes())
    )


def heavy_tailed(
    rng: np.random.Generator, count: int, mean: float, zero_share: float
) -> np.ndarray:
    """Draw personal rates: many exactly zero, the rest gamma with a long tail."""
    shape = 0.8
    rates = rng.gamma(shape, mean / shape / (1 - zero_share), count)
    return np.where(rng.random(count) < zero_share, 0.0, rates)


def instants(
    rng: np.random.Generator,
    start: np.ndarray | int,
    stop: np.ndarray | int,
    count: int,
    offset: np.ndarray | int = 0,
) -> np.ndarray:
    """Draw instants in [start, stop) that follow the weekday and hour cycle.

    Args:
        rng: the draws.
        start: first possible instant, one or per row.
        stop: end of the possible time, one or per row.
        count: rows.
        offset: local time minus UTC.
    """
    start, stop, offset = (
        np.broadcast_to(part, count) for part in (start, stop, offset)
    )
    at = np.zeros(count, np.int64)
    pending = np.arange(count)
    for _ in range(REDRAWS):
        length = stop[pending] - start[pending]
        drawn = (rng.random(len(pending)) * length).astype(np.int64)
        at[pending] = start[pending] + drawn
        hour_of_week = (at[pending] + offset[pending] - MONDAY) // HOUR % 168
        pending = pending[rng.random(len(pending)) > WEEKLY_CYCLE[hour_of_week]]
    return at
