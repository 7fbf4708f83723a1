"""dbt says how far it is, a line per layer, where `--quiet` silences it for minutes.

dbt loads whatever is `dbt_...`.
"""

import logging
import sys
from collections import Counter
from pathlib import PurePath
from threading import Lock
from time import perf_counter
from typing import Any

import click
from dbt import selected_resources
from dbt.flags import get_flags
from dbt.plugins.manager import dbtPlugin
from dbt_common.events.base_types import EventMsg
from dbt_common.events.event_manager_client import get_event_manager

from dbt_one_writer import BUILDING, PROJECT
from warehouse.console import write_patiently
from warehouse.progress import doing, progress, told

NAMED_BY_FOLDER = {"models", "tests"}
TESTS = ("test", "unit_test")
COUNTED = ("built", "tested", "failed")
NOT_WELL = {"error", "fail", "runtime error"}


class Progress(dbtPlugin):
    """Listens to what dbt has begun and ended."""

    def initialize(self) -> None:
        """Listen to a command that builds and tells nothing by itself."""
        flags = get_flags()
        is_ours = self.project_name == PROJECT and flags.WHICH in BUILDING
        if not is_ours or not flags.QUIET:
            return
        context = click.get_current_context()
        write_patiently()
        for handler in logging.getLogger("stdout_log").handlers:
            handler.setStream(sys.stdout)
        context.with_resource(progress())
        doing("reading the project")
        sys.stderr.write(f"dbt {flags.WHICH}: reading the project\n")
        get_event_manager().add_callback(_Layers(context.obj).hear)


class _Layers:
    """How much of each layer has ended."""

    def __init__(self, command: dict[str, Any]) -> None:
        """Keep where dbt puts the manifest, once it has read the project."""
        self.command = command
        self.layers: dict[str, _Layer] = {}
        self.layer_of: dict[str, _Layer] = {}
        self.done = 0
        self.lock = Lock()

    def hear(self, event: EventMsg) -> None:
        """Take note of an event of dbt, in whichever thread it comes."""
        if event.info.name not in ("NodeStart", "NodeFinished"):
            return
        with self.lock:
            if not self.layer_of:
                self._find_layers()
            node = event.data.node_info
            layer = self.layer_of.get(node.unique_id)  # a build names no unit tests
            if layer and event.info.name == "NodeFinished":
                self.done += 1
                layer.end(node.resource_type, event.data.run_result.status)
            elif layer:
                layer.began_at = layer.began_at or perf_counter()
            doing(node.node_name, self.done, len(self.layer_of))

    def _find_layers(self) -> None:
        manifest = self.command["manifest"]
        nodes = {**manifest.nodes, **manifest.unit_tests}
        for name in selected_resources.SELECTED_RESOURCES:
            if name in nodes:
                layer = _layer_name(nodes[name].original_file_path)
                found = self.layers.setdefault(layer, _Layer(layer))
                found.left += 1
                self.layer_of[name] = found


class _Layer:
    """What of a layer has ended: its tables and views, and their tests."""

    def __init__(self, name: str) -> None:
        """Begin with nothing."""
        self.name = name
        self.left = 0
        self.began_at = 0.0
        self.ended: Counter[str] = Counter()

    def end(self, kind: str, status: str) -> None:
        """Count one that has ended; after the last, tell of the layer."""
        self.left -= 1
        self.ended["tested" if kind in TESTS else "built"] += 1
        self.ended["failed"] += status in NOT_WELL
        if not self.left:
            counts = ((self.ended[what], what) for what in COUNTED)
            parts = (f"{number:,} {what}" for number, what in counts if number)
            told(self.name, perf_counter() - self.began_at, ", ".join(parts))


def _layer_name(path: str) -> str:
    """Return the layer a file belongs to: models/core/... is core, seeds/... seeds."""
    top, second, *_ = PurePath(path).parts
    return second if top in NAMED_BY_FOLDER else top


plugins = [Progress]
