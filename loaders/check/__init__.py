"""What a load would find: each source, the warehouse and this machine, a line each.

Nothing is loaded or written. `machine` looks at settings, versions and disks,
`warehouse`, `databases`, `folders` and `posthog` at what their names say.
"""

import sys
from collections.abc import Iterable, Iterator
from functools import partial

from loaders.check.databases import check_database
from loaders.check.finding import Finding, told
from loaders.check.folders import check_folders, check_telemetry
from loaders.check.machine import check_disks, check_versions
from loaders.check.posthog import check_posthog
from loaders.check.warehouse import check_warehouse
from loaders.configured import configured
from warehouse.settings import DATABASES, SOURCE_VARIABLES, Settings
from warehouse.text import printable


def check(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of this machine, the warehouse and each source."""
    yield from check_machine(settings)
    if settings.is_demo:
        import demo  # only the demo needs its servers' libraries

        if not demo.DIRECTORY.exists():
            yield Finding("demo", "there is no world yet: a load makes it")
            return
    with configured(settings) as sources:
        yield from check_sources(sources)


def show_findings(findings: Iterable[Finding]) -> int:
    """Print each finding as it comes; return the exit code."""
    is_well = True
    for finding in findings:
        sys.stdout.write(f"{printable(str(finding))}\n")
        sys.stdout.flush()
        is_well &= finding.is_well
    return 0 if is_well else 1


def check_machine(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of this machine and of the warehouse."""
    yield from told("settings", settings.check)
    yield from check_versions()
    yield from check_disks(settings)
    yield from told("WAREHOUSE_URL", partial(check_warehouse, settings))


def check_sources(settings: Settings) -> Iterator[Finding]:
    """Yield what is to be said of each source that is configured."""
    for source in SOURCE_VARIABLES:
        if not settings.has_source(source):
            yield Finding(source, "is not configured, it is skipped")
            continue
        for origin, variable in DATABASES[source].items():
            if settings.value(variable):
                yield from told(
                    variable,
                    partial(check_database, source, origin, variable, settings),
                )
            else:
                yield Finding(variable, "is not set, its tables stay empty")
        if source == "neon":
            yield from told(source, partial(check_folders, settings))
        if source == "telemetry":
            yield from told("TELEMETRY_DIR", partial(check_telemetry, settings))
        if source == "posthog":
            yield from told(source, partial(check_posthog, settings))
