"""A demo world: invented people, the source systems they use, and what is true.

`world` draws it, `databases` and `files` write it as the source systems keep it,
`sources` serves them, and `compare` holds the marts against the truth.
"""

from demo.files import personal_values, read_truth
from demo.sources import DIRECTORY, create_world, running_sources
from demo.world import Scale

__all__ = [
    "DIRECTORY",
    "Scale",
    "create_world",
    "personal_values",
    "read_truth",
    "running_sources",
]
