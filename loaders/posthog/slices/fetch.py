"""Fetch slices of a PostHog table and prove that each is complete.

A slice is fetched, its tally compared with the one PostHog gave before, and taken
again if they differ: rows may have come meanwhile, or PostHog may have lost some.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pyarrow as pa

from loaders.posthog.api.client import PostHogClient
from loaders.posthog.api.failures import TooLargeError
from loaders.posthog.slices.planner import Planner, halves_of
from loaders.posthog.slices.slice import Slice, Tally
from loaders.posthog.slices.table_queries import HASH, TableQuery
from warehouse.errors import UserError

FETCHES = 3


@dataclass(frozen=True)
class Verified:
    """A slice whose rows are all there.

    Attributes:
        rows: in as many tables as come at a time, perhaps only while they are read.
        attempts: how often it was fetched.
    """

    slice: Slice
    rows: Iterable[pa.Table]
    attempts: int


@dataclass(frozen=True)
class Reader:
    """Reads one table of one project."""

    client: PostHogClient
    table_query: TableQuery

    @property
    def planner(self) -> Planner:
        """What counts and cuts this table."""
        return Planner(self.client, self.table_query)

    def read(self, whole: Slice) -> Iterator[Verified]:
        """Read a slice of any size as slices that fit one page; see `fetch`."""
        for part in self.planner.plan(whole):
            yield self.fetch(part)

    def fetch(self, part: Slice) -> Verified:
        """Fetch a slice, in halves if it does not fit one page.

        Raises:
            UserError: PostHog cannot be read, or rows are missing from its answers.
        """
        try:
            return self._verify(part)
        except TooLargeError as error:
            halves = halves_of(part, error)
        fetched = [self.fetch(half) for half in halves]
        expected = sum((half.slice.expected for half in fetched), Tally())
        return Verified(
            replace(part, expected=expected),
            [rows for half in fetched for rows in half.rows],
            max(half.attempts for half in fetched),
        )

    def _verify(self, part: Slice) -> Verified:
        expected = part.expected or self.planner.tally(part)
        if expected.rows >= self.client.page_cap:
            raise TooLargeError(f"{expected.rows} rows are more than a page")
        for attempt in range(1, FETCHES + 1):
            rows = self._fetch_rows(part)
            tally = self.table_query.tally_of(rows)
            before = expected
            if tally != expected:
                # Rows may have come, or duplicates gone, since they were counted.
                expected = self.planner.tally(part)
            # Persons come all the time: all who were there before must be among them.
            has_grown = before.rows <= tally.rows <= expected.rows != before.rows
            if tally == expected or (self.table_query.is_moving and has_grown):
                whole = replace(part, expected=expected)
                return Verified(whole, [rows.drop_columns(HASH)], attempt)
        gave = tally.rows if tally.rows != expected.rows else "others"
        raise UserError(
            f"posthog: {self.table_query.table} has {expected.rows} rows in a slice "
            f"but gave {gave}, {FETCHES} times over; nothing of it is taken, load "
            "again later"
        )

    def _fetch_rows(self, part: Slice) -> pa.Table:
        where, values = part.where()
        hogql = f"{self.table_query.select} where {where} {self.table_query.group_by}"
        return self.client.query(hogql, values, self.table_query.answer_schema)
