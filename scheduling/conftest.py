"""Only the demo's servers: what is tried here is Dagster."""

from tests.conftest import sources, world

__all__ = ["sources", "world"]
