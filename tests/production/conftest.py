"""What the faults are tried on: the demo world, built on both engines."""

from tests.integration.conftest import copy, warehouses

__all__ = ["copy", "warehouses"]
