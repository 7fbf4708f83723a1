"""What the faults are tried on: the demo world, built on both engines."""

from tests.integration.conftest import warehouses

__all__ = ["warehouses"]
