from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import ENGINES
from tests.steps.publish.publish_warehouse import PublishWarehouse


@pytest.fixture(params=[ENGINES[0], pytest.param(ENGINES[1], marks=pytest.mark.slow)])
def warehouse(
    request: pytest.FixtureRequest, new_warehouse: Callable, working_directory: Path
) -> PublishWarehouse:
    """A warehouse that could be published, of each engine."""
    return PublishWarehouse.make(new_warehouse(request.param), working_directory)
