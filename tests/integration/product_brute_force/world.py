"""Who is known at a moment, what they did, and who of them counts."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property

from tests.integration.product_brute_force.activity import activity_at
from tests.integration.product_brute_force.app import Activity, events_at
from tests.integration.product_brute_force.identities import Identities, identities_at
from tests.integration.product_brute_force.people import Person
from tests.integration.product_brute_force.sources import Row, Sources, plain, seed

TYPES = {row["activity_type"]: row for row in seed("activity_types")}
SEGMENTS = ("finder", "standard")
# what people do, and what they sign up in
ACTIVITY = ("app", "posthog", "chemlink", "kratos", "engagement", "assistant")
SIGNUPS = ("app", "chemlink", "engagement", "assistant")


@dataclass(frozen=True)
class World:
    """Everything known at `as_of`."""

    sources: Sources
    as_of: datetime
    identities: Identities
    people: dict[str, Person]
    activity: list[Activity]

    def counts(self, user_key: str | None) -> bool:
        """Tell whether somebody counts in aggregates."""
        return user_key in self.people and self.people[user_key].is_eligible

    @cached_property
    def counted(self) -> list[Person]:
        """Everybody who counts."""
        return [person for person in self.people.values() if person.is_eligible]

    def segment(self, name: str) -> set[str]:
        """Return the keys of the counted users of a segment."""
        return {person.user_key for person in self.counted if person.user_type == name}

    @cached_property
    def eligible_activity(self) -> list[Activity]:
        """What counted users did."""
        return [one for one in self.activity if self.counts(one.user_key)]

    @cached_property
    def done_on(self) -> dict[date, list[Activity]]:
        """What counted users did on each day."""
        done = defaultdict(list)
        for one in self.eligible_activity:
            done[one.at.date()].append(one)
        return done

    @cached_property
    def own_actions(self) -> dict[str, list[Activity]]:
        """What each person did themselves, in time order."""
        actions = defaultdict(list)
        for one in sorted(self.activity, key=lambda activity: activity.at):
            if is_own_action(one):
                actions[one.user_key].append(one)
        return actions

    @cached_property
    def active_on(self) -> dict[date, set[str]]:
        """The counted users with an own action on each day."""
        active = defaultdict(set)
        for one in self.eligible_activity:
            if is_own_action(one):
                active[one.at.date()].add(one.user_key)
        return active

    @property
    def today(self) -> date:
        """The day of `as_of`."""
        return self.as_of.date()

    @cached_property
    def first_day(self) -> date:
        """The day of the first sign-up or activity of anybody."""
        signups = [one.signup_at for one in self.people.values() if one.signup_at]
        return min(signups + [one.at for one in self.activity]).date()

    def days_since(self, start: date) -> list[date]:
        """Return every day from a day to that of `as_of`."""
        return [
            start + timedelta(days=number)
            for number in range((self.today - start).days + 1)
        ]

    def happened_by(self, at: datetime | None, day: date) -> bool:
        """Tell whether something had happened when a day ended, or at `as_of`."""
        return at is not None and at <= self.as_of and at.date() <= day

    def known_until(self, *systems: str) -> datetime:
        """Return until when all of some systems are loaded."""
        until = self.sources.posthog_until
        return until if until and "posthog" in systems else self.as_of

    def is_known(self, after: date, *systems: str) -> bool:
        """Tell whether some systems are known up to the beginning of a day."""
        return midnight(after) <= self.known_until(*systems)

    @cached_property
    def tracked_from(self) -> date:
        """The day on which PostHog received its first event."""
        return min(row["created_at"] for row in self.sources.events).date()

    @cached_property
    def systems_of(self) -> dict[str, set[str]]:
        """The systems that tell of each type of activity."""
        systems = defaultdict(set)
        for one in self.activity:
            systems[one.type] |= {one.system}
            if one.type == "login":
                systems[one.type] |= {"kratos"}
        return systems

    def rows(self, table: str) -> list[Row]:
        """Return the rows of a table that existed."""
        return [
            row
            for row in self.sources.tables[table]
            if row["created_at"] is not None and row["created_at"] <= self.as_of
        ]


def is_own_action(activity: Activity) -> bool:
    """Tell whether the person did it; every metric of the app is."""
    known = TYPES.get(activity.type)
    return known is None or known["is_own_action"] == "true"


def is_activation(activity: Activity) -> bool:
    """Tell whether it makes a person activated."""
    known = TYPES.get(activity.type)
    return known is not None and known["is_activation"] == "true"


def midnight(day: date) -> datetime:
    """Return the first instant of a day."""
    return datetime.combine(day, time(), UTC)


@cache
def world_at(sources: Sources, as_of: datetime) -> World:
    """Look at the sources as they stood at a moment."""
    arrived = {
        row["distinct_id"] for row in sources.events if row["created_at"] <= as_of
    }
    identities = identities_at(sources, as_of, arrived)
    events = events_at(sources, as_of)
    activity = activity_at(sources, as_of, identities, events)
    accounts = defaultdict(list)
    for account in identities.accounts:
        accounts[account.user_key].append(account)
    seen = {
        identities.distinct_ids[row["distinct_id"]]
        for row in events
        if row["timestamp"] <= as_of
    }
    people = {}
    for key in {*accounts, *seen, *(one.user_key for one in activity)}:
        names = {
            plain(name) for one in accounts[key] for name in (one.public_id, one.email)
        }
        people[key] = Person(key, accounts[key], bool(names & sources.testers))
    return World(sources, as_of, identities, people, activity)
