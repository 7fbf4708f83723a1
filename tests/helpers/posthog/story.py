"""What may happen to a PostHog project and its loads, invented by hypothesis."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st

from loaders.posthog.slices.slice import EXPORT
from stand_ins.posthog import interceptors
from stand_ins.posthog.interceptors import Interceptor, on_answer
from stand_ins.posthog.script import When
from tests.helpers.kill_points import Killed, Process
from tests.helpers.posthog.arrivals import ASKED, HELD_UP, HOUR, LONGEST, Batch, batches
from tests.helpers.posthog.expected import visible_rows
from tests.helpers.posthog.faults import FAULTS, ON_THE_WIRE, PlayedFault, played_faults
from tests.helpers.posthog.project import Project, event_rows
from tests.helpers.posthog.warehouse import Warehouse
from warehouse.errors import UserError

TURNS = 3
MOMENTS = ("request", "answer", "commit", "committed")


@dataclass(frozen=True)
class Plot:
    """What happens.

    Attributes:
        arrivals: events, before each of the first loads.
        faults: from the first load on, until the last of these is over.
        ends: where the process of each of these loads ends, if it does.
        pauses: before each of them, in hours.
    """

    page_cap: int
    arrivals: list[Batch]
    faults: list[PlayedFault]
    ends: list[tuple[str, int] | None]
    pauses: list[int]


@dataclass
class Story:
    """One project through its loads.

    Attributes:
        loads: so far.
        early_ends: how many of them did not end well.
        patience: between two bytes, in seconds: short only where one has to run out.
    """

    project: Project
    warehouse: Warehouse
    plot: Plot
    loads: int = 0
    early_ends: int = field(default=0, init=False)
    patience: float = field(default=60, init=False)

    def begin(self) -> None:
        """Go through what may go wrong."""
        first = 1
        if any(played.fault == "hang" for played in self.plot.faults):
            self.patience = 0.5
        for played in self.plot.faults:
            first += played.gap
            self._play(played, first)
            first += played.requests
        for turn, end in enumerate(self.plot.ends):
            self.project.clock.sleep(self.plot.pauses[turn] * 3600)
            for place, batch in enumerate(self.plot.arrivals):
                if batch.turn == turn:
                    rows = batch.rows(self.project.clock.now, place)
                    self.project.store.add("stored_events", rows)
            self.load(end)
        self.project.stand_in.faults.clear()
        self.patience = 60

    def wait(self) -> None:
        """Wait until whatever was held up can be seen."""
        self.project.clock.sleep((LONGEST + timedelta(days=2)).total_seconds())

    def load(self, end: tuple[str, int] | None = None) -> bool:
        """Load once; tell whether the load ended well, and then nothing is missing."""
        visible = visible_rows(self.project, ASKED)
        self.loads += 1
        options = {"hours": 10_000, "timeouts": (5, self.patience)}
        try:
            self.warehouse.land(self.project, Process(end), **options)
        except (Killed, UserError) as error:
            assert "\n" not in str(error)
            self.early_ends += 1
            return False
        missing = visible - set(self.warehouse.rows())
        assert all(HELD_UP in row for row in missing)
        return True

    def _play(self, played: PlayedFault, first: int) -> None:
        """Put a fault on the requests to come; an arrival comes between two of them."""

        def arrive() -> None:
            now = self.project.clock.now
            columns = {"created_at": now - HOUR, "inserted_at": now - HOUR / 2}
            properties = '{"$lib": "held up"}'
            rows = event_rows(1, 5000 + first, properties=properties, **columns)
            self.project.store.add("stored_events", rows)

        exports = self.warehouse.mode == EXPORT and played.fault in ON_THE_WIRE
        endpoint = played.endpoint if exports else "query"
        fault = FAULTS[played.fault]
        interceptor: Interceptor = (
            on_answer(fault) if fault else interceptors.after(arrive)
        )
        when = When(endpoint, first, played.requests)
        self.project.stand_in.faults.intercept(interceptor, when)


PLOTS = st.builds(
    Plot,
    page_cap=st.sampled_from([40, 100, 300, 50_000]),
    arrivals=st.lists(batches(), max_size=5),
    faults=st.lists(played_faults(), max_size=4),
    ends=st.lists(
        st.none() | st.tuples(st.sampled_from(MOMENTS), st.integers(1, 15)),
        min_size=TURNS,
        max_size=TURNS,
    ),
    pauses=st.lists(st.sampled_from([1, 3, 26]), min_size=TURNS, max_size=TURNS),
)
