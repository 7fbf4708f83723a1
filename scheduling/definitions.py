"""The night as Dagster's assets: models of dbt, and the commands around them."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from steps.manifest import read_manifest
from steps.night.stages import DBT
from steps.publish.gate import STATISTICS

PROJECT = DbtProject(Path(__file__).parents[1])
MANIFEST = read_manifest(PROJECT.manifest_path.parent)
AFTER = "source:lift+ source:insights+"  # what reads tables that no model makes
CANDIDATES = "model.growth_warehouse.int_insight_candidates"
key_of = DagsterDbtTranslator().get_asset_key


def command(module: str, makes: Iterable, needs: Iterable = ()) -> dg.AssetsDefinition:
    """Return a command of ours as what makes assets of others."""
    specs = [dg.AssetSpec(key, deps=needs) for key in makes]

    @dg.multi_asset(name=module.replace(".", "_"), specs=specs)
    def run() -> Iterator[dg.MaterializeResult]:
        subprocess.run([sys.executable, "-m", module], check=True)  # noqa: S603
        yield from (dg.MaterializeResult(asset_key=spec.key) for spec in specs)

    return run


def models(name: str, **chosen: str) -> dg.AssetsDefinition:
    """Return models and their tests as dbt builds them."""

    @dbt_assets(manifest=PROJECT.manifest_path, project=PROJECT, name=name, **chosen)
    def run(context: dg.AssetExecutionContext, dbt: DbtCliResource) -> Iterator:
        yield from dbt.cli(["build"], context=context).stream()

    return run


sources = MANIFEST["sources"].values()
of_steps: dict[str, list] = {"lift": [], "insights": []}
raw: list[dg.AssetKey] = []
for one in sources:
    of_steps.get(one["source_name"], raw).append(key_of(one))
inputs = MANIFEST["exposures"][STATISTICS]["depends_on"]["nodes"]
marts, after = models("marts", exclude=AFTER), models("after_steps", select=AFTER)
assets = [
    command("loaders", raw),
    marts,
    command(
        "steps.lift",
        of_steps["lift"],
        [key_of(MANIFEST["nodes"][one]) for one in inputs],
    ),
    command(
        "steps.insights", of_steps["insights"], [key_of(MANIFEST["nodes"][CANDIDATES])]
    ),
    after,
    command("steps.publish", ["published"], [*marts.keys, *after.keys]),
    *(
        command(f"steps.{one}", [one], ["published"])
        for one in ("report", "export", "summary")
    ),
]
night = dg.define_asset_job("night", dg.AssetSelection.all())
schedules = [dg.ScheduleDefinition(job=night, cron_schedule="0 3 * * *")]
dbt = DbtCliResource(PROJECT, dbt_executable=DBT)
defs = dg.Definitions(assets, jobs=[night], schedules=schedules, resources={"dbt": dbt})
