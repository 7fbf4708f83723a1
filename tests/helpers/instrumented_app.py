"""An app instrumented with OpenTelemetry, whose SDK writes OTLP/JSON to a file."""

from pathlib import Path

from opentelemetry.exporter.otlp.json.file.metric_exporter import FileMetricExporter
from opentelemetry.sdk.metrics import Counter, Histogram, MeterProvider
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.resources import Resource

IOS, WAV = {"platform": "ios"}, {"format": "wav"}
VERSION = "0.1.0-sdk"
STARTS, EXPORT_SECONDS, MEMORY = 7, [0.5, 1.5, 9.25], 2048


def run_app(file: Path, temporality: AggregationTemporality) -> None:
    """Record seven starts, three exports and a level of memory, in two exports."""
    exporter = FileMetricExporter(
        file, preferred_temporality=dict.fromkeys((Counter, Histogram), temporality)
    )
    reader = PeriodicExportingMetricReader(exporter, float("inf"))
    provider = MeterProvider([reader], Resource.create({"version": VERSION}))
    meter = provider.get_meter("recorder")
    starts = meter.create_counter("recorder.starts", "{start}")
    seconds = meter.create_histogram("recorder.export_seconds", "s")
    memory = meter.create_gauge("recorder.memory", "By")
    starts.add(3, IOS)
    seconds.record(EXPORT_SECONDS[0], WAV)
    provider.force_flush()
    starts.add(STARTS - 3, IOS)
    for one in EXPORT_SECONDS[1:]:
        seconds.record(one, WAV)
    memory.set(MEMORY)
    provider.force_flush()
    provider.shutdown()
