"""A client of the stand-in's file download exports."""

import io
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import requests

from stand_ins.posthog import StandIn
from stand_ins.posthog.access import API_KEY
from tests.helpers.posthog.project import NOW, YESTERDAY


def call(
    stand_in: StandIn, method: str, path: str = "", key: str = API_KEY, **body: object
) -> requests.Response:
    address = stand_in.address
    project = f"{address.host}/api/environments/{address.project_id}"
    return requests.request(
        method,
        f"{project}/file_download_batch_exports/{path}",
        json=body or None,
        headers={"Authorization": f"Bearer {key}"} if key else {},
        allow_redirects=False,
        timeout=30,
    )


def wish(start: datetime = YESTERDAY, end: datetime = NOW, **more: object) -> dict:
    """Return the body that starts an export."""
    file = {"format": "Parquet", "compression": "zstd"}
    interval = {
        "data_interval_start": start.isoformat(),
        "data_interval_end": end.isoformat(),
    }
    return {"model": "events", "file": file, **interval, **more}


def start(stand_in: StandIn, **changes: Any) -> str:  # noqa: ANN401
    """Start an export; return the id of the run."""
    response = call(stand_in, "POST", **wish(**changes))
    assert response.status_code == 202, response.text
    return response.json()["id"]


def poll(stand_in: StandIn, run: str) -> dict[str, Any]:
    return call(stand_in, "GET", f"{run}/").json()


def locate(stand_in: StandIn, run: str, part: str | int = 0) -> str:
    response = call(stand_in, "GET", f"{run}/download/{part}")
    assert (response.status_code, response.content) == (302, b"")
    return response.headers["Location"]


def exported(stand_in: StandIn, **changes: object) -> list[pa.Table]:
    """Run an export to its end; return its files."""
    run = start(stand_in, **changes)
    while (state := poll(stand_in, run))["status"] != "Completed":
        assert state.keys() == {"status"}
    urls = [locate(stand_in, run, file_id) for file_id in state["files"]]
    contents = [requests.get(url, timeout=30).content for url in urls]
    return [pq.read_table(io.BytesIO(content)) for content in contents]


def uuids(tables: list[pa.Table]) -> list[str]:
    return [uuid for table in tables for uuid in table["uuid"].to_pylist()]


def finished(stand_in: StandIn) -> str:
    """Return the id of a run that is over."""
    run = start(stand_in)
    while poll(stand_in, run)["status"] != "Completed":
        pass
    return run
