"""Run the stages one after the other; one that fails stops what needs it."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from steps.night.journal import (
    FAILED,
    RUNNING,
    SKIPPED,
    SUCCESS,
    Recorded,
    create_journal,
    read_last,
    write_stages,
)
from steps.night.loaded import Loaded, read_loaded
from steps.night.resume import code_of, stages_to_run
from steps.night.stages import EXPORT, LOAD, PUBLISH, REPORT, STAGES, TEST, Stage
from warehouse.connection import connect
from warehouse.errors import ENGINE_ERRORS, UserError, explained
from warehouse.progress import doing
from warehouse.settings import ALWAYS_LOADED, Settings
from warehouse.states import LOAD as LOADS
from warehouse.states import State, read_states

MOST_NAMED = 10
NOT_WELL = ("fail", "error", "runtime error")


@dataclass
class Night:
    """One night, which may be run in several goes.

    Attributes:
        to_run: The stages of this go.
        stages: What has become of each, by name.
        loaded: What came of each source.
    """

    url: str
    token: str
    number: int
    code: str
    to_run: tuple[Stage, ...]
    stages: dict[str, Recorded]
    loaded: list[Loaded] = field(default_factory=list)

    @classmethod
    def begin(cls, settings: Settings, token: str) -> "Night":
        """Return the night that is due: a new one, or the rest of the last.

        Args:
            settings: Of the warehouse and its sources.
            token: Lets the stages pass the lock that this process holds.

        Raises:
            UserError: the warehouse does not open.
        """
        url, code = settings.warehouse_url, code_of(settings)
        with connect(url) as connection:
            create_journal(connection)
            last = read_last(connection)
            load_run = _newest_load(read_states(connection))
            to_run = stages_to_run(last, code, load_run, datetime.now(UTC))
            number = last[0].night if last else 0
            if to_run == STAGES:
                return cls(url, token, number + 1, code, to_run, {})
            again = {stage.name for stage in to_run}
            done = {one.stage: one for one in last if one.stage not in again}
            load = done[LOAD.name]
            loaded = read_loaded(connection, load.started_at, load.ended_at)
        return cls(url, token, number, code, to_run, done, loaded)

    @property
    def is_well(self) -> bool:
        """Whether all stages ended well."""
        return all(one.status == SUCCESS for one in self.stages.values())

    @property
    def failed_sources(self) -> list[str]:
        """The sources that did not load, or not all of it."""
        return [one.source for one in self.loaded if not one.is_whole]

    def run(self, stage: Stage) -> None:
        """Run one of the stages, unless what it needs is not there."""
        if sys.stderr.isatty():  # nobody waits for a night that runs by itself
            doing(f"night: {stage.name}", self.to_run.index(stage), len(self.to_run))
        now = datetime.now(UTC)
        begun = Recorded(
            *(self.number, stage.name, RUNNING, now, None, None, "", self.code, 0)
        )
        try:
            self.stages[stage.name] = self._run(stage, begun)
        except (UserError, OSError, *ENGINE_ERRORS) as error:
            self.stages[stage.name] = replace(
                begun,
                status=FAILED,
                ended_at=datetime.now(UTC),
                told=str(error)
                if isinstance(error, UserError)
                else explained(error, "run it again"),
            )

    def _run(self, stage: Stage, begun: Recorded) -> Recorded:
        """Run a stage, unless what it needs is not there, and record both."""
        with connect(self.url) as connection:
            if not self._has(stage.needs):
                skipped = replace(
                    begun,
                    status=SKIPPED,
                    ended_at=begun.started_at,
                    told=f"it needs {stage.needs}",
                )
                write_stages(connection, [skipped])
                return skipped
            before = read_states(connection)
            write_stages(connection, [begun])
        allowed = self.failed_sources if stage.name == PUBLISH.name else ()
        exit_code = stage.run([f"--allow={name}" for name in allowed], self.token)
        with connect(self.url) as connection:
            states = read_states(connection)
            ran = {
                name: state.status
                for name, state in states.items()
                if name not in before or state.run > before[name].run
            }
            ended = replace(
                begun,
                status=FAILED if exit_code else SUCCESS,
                ended_at=datetime.now(UTC),
                told=_told(stage, exit_code, ran),
                load_run=_newest_load(states),
            )
            if stage.name == LOAD.name and ran:
                self.loaded = read_loaded(connection, ended.started_at, ended.ended_at)
                rows = sum(one.new + one.changed for one in self.loaded)
                ended = replace(ended, row_count=rows)
            write_stages(connection, [ended])
        return ended

    def _has(self, needed: str | None) -> bool:
        """Tell whether what a stage needs is there; of the sources one is enough."""
        if needed is None:
            return True
        loaded = {one.source for one in self.loaded if one.is_whole}
        if needed == LOAD.name and loaded - {ALWAYS_LOADED}:
            return True
        return self.stages[needed].status == SUCCESS


def _newest_load(states: Mapping[str, State]) -> int:
    loads = [state.run for name, state in states.items() if name.startswith(LOADS)]
    return max(loads, default=0)


def _told(stage: Stage, exit_code: int, ran: Mapping[str, str]) -> str:
    """Return what a stage did, or why it failed."""
    if exit_code:
        return _failure(stage, exit_code, ran)
    if stage.name == LOAD.name:
        return f"{len(ran)} sources"
    if stage.name == TEST.name:
        warned = sum(status == "warn" for status in ran.values())
        return f"{len(ran)} tests pass" + f", {warned} of them warn" * (warned > 0)
    if stage.is_dbt:
        return f"{len(ran)} tables and views"
    return "" if stage in (REPORT, EXPORT) else stage.last_line()


def _failure(stage: Stage, exit_code: int, ran: Mapping[str, str]) -> str:
    """Return why a stage failed; of dbt the names of what did."""
    log = f"see {stage.log}"
    if exit_code < 0:
        return f"killed by signal {-exit_code}, as for want of memory; {log}"
    names = ran if stage.is_dbt else ()
    failed = sorted(name.split(".")[2] for name in names if ran[name] in NOT_WELL)
    if failed:
        named = ", ".join(failed[:MOST_NAMED])
        more = len(failed) - MOST_NAMED
        others = f" and {more} more" * (more > 0)
        verb = "fail" if len(failed) > 1 else "fails"
        return f"{len(failed)} of {len(ran)} {verb}: {named}{others}; {log}"
    return "; ".join(stage.errors()) or f"exit code {exit_code}; {log}"
