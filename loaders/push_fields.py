"""The fields of a push file: where they stand, and what they have to be."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from loaders.contract import Table

Row = dict[str, Any]
LARGEST = 2**63 - 1


class UnfitError(Exception):
    """Why a file cannot land, in words that quote nothing of it."""


@dataclass(frozen=True)
class Document:
    """What a kind of file holds: one row, and one for each of its parts.

    Attributes:
        table: where the row lands.
        fields: the place of each of its columns in the file, or several, of which the
            first that has a value counts; the first column is the key of the file.
        part_table: where the parts land.
        parts: the list of parts in the file.
        part_fields: the place of each of their columns in the part.
        part_key: the columns of the file's key and of the part's place in the list, as
            nothing else tells parts from each other.
    """

    table: str
    fields: dict[str, str]
    part_table: str
    parts: str
    part_fields: dict[str, str]
    part_key: tuple[str, str]

    @property
    def id_field(self) -> str:
        """The field that identifies a file."""
        return next(iter(self.fields.values()))

    def read(
        self, content: object, tables: dict[str, Table]
    ) -> tuple[str, dict[str, list[Row]]]:
        """Return the id of a file, and the rows it holds by table.

        Raises:
            UnfitError: a field is not what it has to be.
        """
        row = _row(content, self.fields, tables[self.table].landed, "")
        file_id = next(iter(row.values()))
        if not file_id:
            raise UnfitError(f"{self.id_field} is missing")
        parts = _value(content, self.parts, "") or []
        if not isinstance(parts, list):
            raise UnfitError(f"{self.parts} must be a list")
        landed = tables[self.part_table].landed
        part_rows = [
            dict(zip(self.part_key, (file_id, position), strict=True))
            | _row(part, self.part_fields, landed, f"{self.parts}[{position}]")
            for position, part in enumerate(parts, 1)
        ]
        return file_id, {self.table: [row], self.part_table: part_rows}


def _row(
    content: object, fields: dict[str, str], landed: dict[str, str], at: str
) -> Row:
    return {
        column: _first(content, places.split(" or "), CHECKS[landed[column]], at)
        for column, places in fields.items()
    }


def _first(content: object, places: list[str], check: "Check", at: str) -> object:
    """Return the value of the first of several places that has one."""
    for place in places:
        value = _value(content, place, at)
        if value is not None:
            try:
                return check.convert(value)
            except (ValueError, TypeError, KeyError, OverflowError):
                where = f"{at}.{place}".lstrip(".")
                raise UnfitError(f"{where} must be {check.expected}") from None
    return None


def _value(content: object, place: str, at: str) -> object:
    for name in place.split("."):
        if content is None:
            return None
        if not isinstance(content, dict):
            raise UnfitError(f"{at or 'the file'} must be an object")
        content = content.get(name)
        at = f"{at}.{name}".lstrip(".")
    return content


@dataclass(frozen=True)
class Check:
    """What a value of a type has to be, and how it is taken."""

    expected: str
    convert: Callable[[Any], object]


def _text(value: str) -> str:
    if not isinstance(value, str):
        raise TypeError
    value.encode()  # half a character is none
    return value


def _identifier(value: str | int) -> str:
    text = str(value) if type(value) is int else _text(value)
    if not text.isprintable():
        raise ValueError
    return text


def _count(value: float) -> int:
    if (
        type(value) not in (int, float)
        or value != int(value)
        or not 0 <= value <= LARGEST
    ):
        raise ValueError
    return int(value)


def _boolean(value: bool | str) -> bool:
    return {"true": True, "false": False}[str(value).strip().lower()]


def _instant(value: str) -> datetime | None:
    at = datetime.fromisoformat(value)
    try:
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:  # the first or last day there is stands for none
        return None


CHECKS = {
    "identifier": Check("a text or a whole number", _identifier),
    "text": Check("a text", _text),
    "bigint": Check("a whole number, not below 0", _count),
    "boolean": Check("true or false", _boolean),
    "timestamp": Check("a time such as 2026-03-01T10:00:00Z", _instant),
}
