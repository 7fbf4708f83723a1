"""The sources of a load: those that are configured, or the demo's."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from warehouse.settings import Settings

logger = logging.getLogger(__name__)


@contextmanager
def configured(settings: Settings) -> Iterator[Settings]:
    """Yield settings that name real sources, or the demo's while its servers run."""
    if not settings.is_demo:
        yield settings
        return
    import demo  # only the demo needs its servers' libraries

    logger.info("the sources are those of the demo world")
    if not demo.DIRECTORY.exists():
        demo.create_world(demo.DIRECTORY, demo.Scale())
    with demo.running_sources(demo.DIRECTORY) as environment:
        sources = Settings.from_environment(environment)
        yield replace(sources, warehouse_url=settings.warehouse_url)
