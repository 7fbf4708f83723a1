"""The quality gate: what fails lets nothing leave, unless it is allowed by name."""

from collections.abc import Iterable

from steps.manifest import Node
from steps.marts import Marts, require_marts
from steps.publish.gate import FAILED, known_names
from warehouse.errors import UserError
from warehouse.settings import SOURCE_VARIABLES
from warehouse.states import read_states
from warehouse.tables import read

QUALITY = "agg_data_quality"
CHECKS = (
    f"select check_name, severity = 'error' and not is_passed as fails from {QUALITY}"  # noqa: S608
)
# its findings are checks of agg_data_quality, each with a name of its own
TEST_OF_CHECKS = "data_quality_has_no_error"


def check_gate(marts: Marts, manifest: Node, allowed: Iterable[str]) -> tuple[str, ...]:
    """Refuse to go on while a check fails.

    Args:
        marts: Those that are to leave.
        manifest: What dbt wrote about the project.
        allowed: Names of checks that may fail.

    Returns:
        The names of those that do fail.

    Raises:
        UserError: another check fails, or there is none of an allowed name.
    """
    require_marts(marts, [QUALITY])
    checks = read(marts.connection, CHECKS).to_pylist()
    standing = marts.exceptions
    if marts.generation is None:
        states = read_states(marts.connection)
        standing = tuple(
            node["name"]
            for name, node in manifest["nodes"].items()
            if name in states and states[name].status in FAILED
        )
    failing = {row["check_name"] for row in checks if row["fails"]} | {*standing}
    # a source that did not load leaves what is known of it as it was
    failing -= {TEST_OF_CHECKS, *SOURCE_VARIABLES}
    known = {row["check_name"] for row in checks} | known_names(manifest)
    if unknown := set(allowed) - known - failing:
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
