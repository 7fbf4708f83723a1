"""/api/environments/:id/file_download_batch_exports: start, poll, cancel, download."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from stand_ins.answers import Answer, Request, success
from stand_ins.posthog.access import refusal
from stand_ins.posthog.answers import failure
from stand_ins.posthog.export_runs import CANCELLED, COMPLETED, FAILED, ExportRuns, Run
from stand_ins.posthog.parquet import MODELS, Interval

LONGEST = timedelta(days=7)
BOUNDS = ("start", "end")
PARQUET = "Parquet"
COMPRESSIONS = (None, "zstd", "gzip", "brotli", "lz4", "snappy")
NO_STORE = {"Cache-Control": "no-store"}


class InvalidExportError(Exception):
    """A request that PostHog answers with 400, and the reason."""


@dataclass(frozen=True)
class ExportsApi:
    """The endpoints of the file download exports of one project."""

    runs: ExportRuns

    def answer(
        self, endpoint: str, names: tuple[str | None, ...], request: Request
    ) -> Answer:
        """Answer one request.

        Args:
            endpoint: export, poll, cancel or download.
            names: what the path names: the project, then the run, then the file.
            request: with the key, and the body if there is one.
        """
        project_id, *which = names
        action = "read" if request.method == "GET" else "write"
        refused = refusal(project_id, request.authorization, f"batch_export:{action}")
        if refused:
            return refused
        if endpoint == "export":
            return self._start(request)
        run = self.runs.runs.get(which[0])
        if run is None:
            return failure(404, "not_found", "Not found.")
        if endpoint == "cancel":
            run.cancel()
            return success({"cancelled": True})
        return self._poll(run) if endpoint == "poll" else self._download(run, which[1])

    def _start(self, request: Request) -> Answer:
        try:
            model, interval, compression = _read(request.body)
        except InvalidExportError as error:
            return failure(400, "invalid_input", str(error))
        run = self.runs.start(model, interval, compression)
        if run is None:
            return failure(409, "conflict", "An export is already running.")
        return success({"id": run.run_id}, 202)

    def _poll(self, run: Run) -> Answer:
        run.move_on()
        content: dict[str, Any] = {"status": run.status}
        if run.status == COMPLETED:
            content |= {"files": list(run.files), "records_completed": run.records}
        if run.status in FAILED:
            content["error"] = "The export failed."
        return success(content)

    def _download(self, run: Run, part: str | None) -> Answer:
        if run.status != COMPLETED:
            ends = dict.fromkeys(FAILED, "has failed") | {CANCELLED: "was cancelled"}
            end = ends.get(run.status, "is still in progress")
            return failure(400, "invalid_input", f"Batch export run {end}")
        if self.runs.expired(run):
            return failure(400, "invalid_input", "This file download has expired")
        ids = list(run.files)
        number = int(part or 0) if (part or "0").isdigit() else None
        file_id = part if number is None else dict(enumerate(ids)).get(number)
        if file_id not in run.files:
            return failure(404, "not_found", "Not found.")
        location = self.runs.files.presigned(run.files[file_id])
        return Answer(302, b"", {"Location": location, **NO_STORE})


def _read(body: bytes) -> tuple[str, Interval, str | None]:
    """Return what is to be exported: the model, its rows, and how they are packed."""
    try:
        content = orjson.loads(body)
        model, file = content["model"], dict(content["file"])
        start, end = (_time(content[f"data_interval_{name}"]) for name in BOUNDS)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InvalidExportError(f"This field is required or wrong: {error}") from None
    compression = file.get("compression")
    names = [content.get(key) or None for key in ("include", "exclude")]
    complaints = {
        f"{model!r} is not a valid choice.": model not in list(MODELS),
        "The stand-in writes only Parquet.": file.get("format", PARQUET) != PARQUET,
        f"{compression!r} is not a valid choice.": compression not in COMPRESSIONS,
        "'data_interval_end' must occur after 'data_interval_start'": start > end,
        "data interval range too big": end - start > LONGEST,
        "Expected a list of event names.": not all(
            isinstance(name, list | None) for name in names
        ),
    }
    for complaint, is_justified in complaints.items():
        if is_justified:
            raise InvalidExportError(complaint)
    return model, Interval(start, end, *names), compression


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
