"""The allow-list: steps/writeback/allow_list.yml, which names all that may leave."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ALLOW_LIST = Path(__file__).with_name("allow_list.yml")


@dataclass(frozen=True)
class Kind:
    """One kind of event.

    Attributes:
        name: on the command line and in the ledger.
        event: its name in PostHog.
        columns: the column of each of its properties.
        distinct_id: whose event it is; the same for all.
        always: properties with a fixed value.
    """

    name: str
    event: str
    columns: dict[str, str]
    distinct_id: str
    always: dict[str, Any]


def read_allow_list() -> dict[str, Kind]:
    """Return the kinds of events by name."""
    content = yaml.safe_load(ALLOW_LIST.read_text(encoding="utf-8"))
    return {
        name: Kind(
            name,
            kind["event"],
            kind["properties"],
            content["distinct_id"],
            content["always"],
        )
        for name, kind in content["kinds"].items()
    }
