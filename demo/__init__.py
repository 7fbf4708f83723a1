"""A demo world: invented people, the source systems they use, and what is true."""

from demo.files import leaked_values, personal_values, read_truth
from demo.sources import DIRECTORY, create_world, running_sources
from demo.world import Scale

__all__ = [
    "DIRECTORY",
    "Scale",
    "create_world",
    "leaked_values",
    "personal_values",
    "read_truth",
    "running_sources",
]
