"""Why the marts must not be published: what has failed, is missing, or does not fit."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from steps.manifest import Node
from warehouse.errors import UserError
from warehouse.settings import SOURCE_VARIABLES
from warehouse.states import LIFT, LOAD, STARTED, SUCCESS, State

FAILED = ("fail", "error", "runtime error")
NOT_RUN = (STARTED, "skipped")
LIFT_SOURCE = "source.growth_warehouse.lift."
STATISTICS = "exposure.growth_warehouse.push_lift_statistics"
TOLD = {
    "unfinished": "are not built to the end, run `make build`",
    "outdated": "are older than what they are made of, run `make build`",
    "untested": "have not run since the last build, run `dbt test`",
}
GENERAL = {*TOLD, "mixed_loads", "lift"}
KINDS = ("model", "seed", "snapshot", "test")
MOST_NAMED = 10


def check_gate(
    manifest: Node,
    states: dict[str, State],
    sources: Iterable[str],
    allowed: Collection[str],
) -> list[str]:
    """Refuse to go on while there is a reason against it.

    Args:
        manifest: What dbt wrote about the project.
        states: What has become of each load, model and test, by name.
        sources: Those that are configured.
        allowed: Names of reasons that may stand.

    Returns:
        The names of those that do.

    Raises:
        UserError: there is another reason, or none of an allowed name.
    """
    if not any(name in states for name in manifest["nodes"]):
        raise UserError("nothing is built that could be published: run `make build`")
    found = reasons(manifest, states, sources)
    if unknown := set(allowed) - found.keys() - known_names(manifest):
        raise UserError(f"--allow {' '.join(sorted(unknown))}: no reason has that name")
    refused = [name for name in found if name not in allowed]
    if refused:
        named = "; ".join(f"{name}: {found[name]}" for name in refused[:MOST_NAMED])
        more = len(refused) - MOST_NAMED
        raise UserError(
            f"nothing is published. {named}{f'; and {more} more' * (more > 0)}. "
            "--allow NAME lets one pass"
        )
    return sorted(found)


def known_names(manifest: Node) -> set[str]:
    """Return the names that reasons can have."""
    nodes = {node["name"] for node in manifest["nodes"].values()}
    return nodes | {*SOURCE_VARIABLES} | GENERAL


def reasons(
    manifest: Node, states: dict[str, State], sources: Iterable[str]
) -> dict[str, str]:
    """Return each reason against publishing, by name."""
    runs = {name: state.run for name, state in states.items()}
    listed: dict[str, list[str]] = defaultdict(list)
    for name, node in manifest["nodes"].items():
        if node["resource_type"] in KINDS and (
            reason := _reason(node, states.get(name), runs)
        ):
            listed[reason].append(node["name"])
    found = dict.fromkeys(listed.pop("failed", []), "the test fails")
    inputs = manifest["exposures"][STATISTICS]["depends_on"]["nodes"]
    if LIFT not in states or any(runs.get(name, 0) > runs[LIFT] for name in inputs):
        found["lift"] = "the statistics are older than the marts, run `make lift`"
    if len(loads_of(manifest, states)) > 1:
        found["mixed_loads"] = "the marts are made of several loads, run `make build`"
    for name, nodes in listed.items():
        others = f" and {len(nodes) - 1} more" * (len(nodes) > 1)
        found[name] = f"{min(nodes)}{others} {TOLD[name]}"
    for source in sources:
        state = states.get(f"{LOAD}{source}")
        if state is None:
            found[source] = "it is configured and was not loaded, run `make load`"
        elif state.status != SUCCESS:
            found[source] = "its last load failed or was cut off, run `make load`"
    return found


def _reason(node: Node, state: State | None, runs: dict[str, int]) -> str | None:
    """Return what speaks against a node, if anything does."""
    is_test = node["resource_type"] == "test"
    if state is None or state.status in NOT_RUN:
        return "untested" if is_test else "unfinished"
    if state.status in FAILED:
        return "failed" if is_test else "unfinished"
    if any(runs.get(parent, 0) > state.run for parent in _parents(node)):
        return "untested" if is_test else "outdated"
    return None


def loads_of(manifest: Node, states: dict[str, State]) -> list[int]:
    """Return the numbers of the loads that the tables are made of; one, if all is well.

    Views show whatever was loaded last, so it counts when a table was made of them.
    """
    nodes = manifest["nodes"]

    def reads_raw(node: Node) -> bool:
        return any(
            parent.startswith("source.")
            and not parent.startswith(LIFT_SOURCE)
            or _is_view(nodes.get(parent))
            and reads_raw(nodes[parent])
            for parent in node["depends_on"]["nodes"]
        )

    return sorted(
        {
            states[name].load_run or 0
            for name, node in nodes.items()
            if name in states
            and node["resource_type"] in ("model", "snapshot")
            and not _is_view(node)
            and reads_raw(node)
        }
    )


def _is_view(node: Node | None) -> bool:
    return node is not None and node["config"]["materialized"] == "view"


def _parents(node: Node) -> list[str]:
    """Return what a node is made of; the tables of the lift are the step's."""
    return [
        LIFT if name.startswith(LIFT_SOURCE) else name
        for name in node.get("depends_on", {}).get("nodes", ())
    ]
