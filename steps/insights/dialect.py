"""What an endpoint understands of the chat completions API: each knows a part of it."""

from dataclasses import dataclass
from typing import Any

import openai

MOST_TOKENS_ANSWERED = 800
COMPLAINTS = (openai.BadRequestError, openai.UnprocessableEntityError)


@dataclass(frozen=True)
class Dialect:
    """What an endpoint understands of the API."""

    formats: tuple[str, ...] = ("json_schema", "json_object", "")
    limit: str = "max_tokens"
    has_temperature: bool = True

    def options(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return the options of a call whose answer has to fit a schema."""
        options: dict[str, Any] = {self.limit: MOST_TOKENS_ANSWERED}
        if self.has_temperature:
            options["temperature"] = 0
        if self.formats[0] == "json_schema":
            named = {"name": "answer", "strict": True, "schema": schema}
            options["response_format"] = {"type": "json_schema", "json_schema": named}
        elif self.formats[0]:
            options["response_format"] = {"type": self.formats[0]}
        return options

    def without(self, error: openai.APIError) -> "Dialect | None":
        """Return what is left without what an error complains of, if anything."""
        if not isinstance(error, COMPLAINTS):
            return None
        told = str(error.body).lower()
        if "max_completion_tokens" in told and self.limit == "max_tokens":
            return Dialect(self.formats, "max_completion_tokens", self.has_temperature)
        if "temperature" in told and self.has_temperature:
            return Dialect(self.formats, self.limit, has_temperature=False)
        of_format = ("response_format", "json_schema", "json_object", "schema")
        if any(word in told for word in of_format) and len(self.formats) > 1:
            return Dialect(self.formats[1:], self.limit, self.has_temperature)
        return None
