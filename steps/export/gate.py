"""The quality gate: what fails lets nothing leave, unless it is allowed by name."""

import json
from collections.abc import Iterable
from pathlib import Path

from adbc_driver_manager.dbapi import Connection

from warehouse.errors import UserError
from warehouse.tables import read, require_tables

QUALITY = "aggregates.agg_data_quality"
CHECKS = (
    f"select check_name, severity = 'error' and not is_passed as fails from {QUALITY}"  # noqa: S608
)
# its findings are checks of agg_data_quality, each with a name of its own
TEST_OF_CHECKS = "data_quality_has_no_error"
FAILED = ("fail", "error", "runtime error")


def check_gate(
    warehouse: Connection, target: Path, allowed: Iterable[str]
) -> tuple[str, ...]:
    """Refuse to go on while a check fails.

    Args:
        warehouse: An open warehouse.
        target: The folder that dbt writes to.
        allowed: Names of checks that may fail.

    Returns:
        The names of those that do fail.

    Raises:
        UserError: another check fails, or there is none of an allowed name.
    """
    require_tables(warehouse, [QUALITY])
    checks = read(warehouse, CHECKS).to_pylist()
    results = _results(target)
    failing = {row["check_name"] for row in checks if row["fails"]} | {
        name for name, status in results.items() if status in FAILED
    }
    unknown = set(allowed) - {row["check_name"] for row in checks} - results.keys()
    if unknown:
        raise UserError(
            f"--allow {' '.join(sorted(unknown))}: no check has that name; "
            "`dbt test` names those that fail"
        )
    refused = sorted(failing.difference(allowed))
    if refused:
        raise UserError(
            f"the quality gate fails: {', '.join(refused)}. `dbt test` says what to "
            "do; --allow NAME lets one pass, and the manifest will say so"
        )
    return tuple(sorted(failing))


def _results(target: Path) -> dict[str, str]:
    """Return how each node of dbt's last run ended, if it ran here."""
    try:
        text = (target / "run_results.json").read_text(encoding="utf-8")
        results = json.loads(text)["results"]
        statuses = {
            result["unique_id"].split(".")[2]: result["status"] for result in results
        }
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise UserError(
            f"{target}/run_results.json cannot be read: run `dbt build`"
        ) from error
    return {name: status for name, status in statuses.items() if name != TEST_OF_CHECKS}
