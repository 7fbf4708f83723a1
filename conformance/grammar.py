"""PostHog's grammar: HogQL text in, its syntax tree out."""

import json
import sys
from types import ModuleType
from typing import Any

# The parser wants the errors of PostHog's own code, which no package holds. It never
# raises them where it returns JSON.
for name in ("posthog.hogql", "posthog.hogql.errors"):
    sys.modules.setdefault(name, ModuleType(name))

import hogql_parser  # noqa: E402

Node = dict[str, Any]


class GrammarError(Exception):
    """Not HogQL, and why."""


def parse(hogql: str) -> Node:
    """Return the syntax tree of one SELECT.

    Raises:
        GrammarError: PostHog's grammar refuses it.
    """
    tree = json.loads(hogql_parser.parse_select_json(hogql))
    if tree.get("error"):
        raise GrammarError(f"{tree['message']}: {hogql}")
    return tree
