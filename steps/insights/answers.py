"""What a model may answer about a day: closed vocabularies, and one short note."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from adbc_driver_manager.dbapi import Connection
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from warehouse.errors import UserError
from warehouse.tables import read

LONGEST_NOTE = 200
VOCABULARIES = {
    "primary_intent": "insight_intents",
    "use_case": "insight_use_cases",
    "blockers": "insight_blockers",
    "feature_areas": "insight_feature_areas",
}
VALUE_SEEN = ("yes", "no", "unclear")
WILLINGNESS_TO_PAY = ("none", "hint", "said")
# What stands between the fences of Markdown, if there are any.
FENCED = re.compile(r"^\s*```\w*\s*(.*?)\s*```\s*$", re.DOTALL)


@dataclass(frozen=True)
class AnswerForm:
    """The form of an answer.

    Attributes:
        vocabularies: descriptions by code, by field.
    """

    vocabularies: Mapping[str, Mapping[str, str]]

    @cached_property
    def model(self) -> type[BaseModel]:
        """What an answer is checked with."""
        intent, use_case, blocker, feature_area = (
            Literal[tuple(self.vocabularies[field])] for field in VOCABULARIES
        )
        return create_model(
            "Answer",
            __config__=ConfigDict(extra="forbid"),
            primary_intent=(intent, ...),
            use_case=(use_case, ...),
            value_seen=(Literal[VALUE_SEEN], ...),
            blockers=(list[blocker], ...),
            feature_areas=(list[feature_area], ...),
            satisfaction=(Annotated[int, Field(ge=0, le=10)] | None, ...),
            willingness_to_pay=(Literal[WILLINGNESS_TO_PAY], ...),
            language=(Annotated[str, Field(pattern="^[a-z]{2}$")], ...),
            note=(str | None, ...),
        )

    @cached_property
    def version(self) -> str:
        """Another form, or another description of a code, has another version."""
        content = json.dumps(
            [self.model.model_json_schema(), self.vocabularies], sort_keys=True
        )
        return hashlib.sha256(content.encode()).hexdigest()[:12]


def read_form(connection: Connection) -> AnswerForm:
    """Read the vocabularies of the seeds.

    Raises:
        UserError: one of them has no row.
    """
    vocabularies = {}
    for field, seed in VOCABULARIES.items():
        query = f"select code, description from seeds.{seed} order by code"  # noqa: S608
        rows = read(connection, query).to_pylist()
        if not rows:
            raise UserError(
                f"seeds.{seed} is empty: give seeds/{seed}.csv a row, then run "
                "`dbt seed`"
            )
        vocabularies[field] = {row["code"]: row["description"] for row in rows}
    return AnswerForm(vocabularies)


def parse(form: type[BaseModel], content: str) -> BaseModel | None:
    """Return an answer of a model if it has a form; what it says besides is nothing."""
    fenced = FENCED.match(content)
    try:
        return form.model_validate_json(fenced[1] if fenced else content)
    except ValidationError:
        return None
