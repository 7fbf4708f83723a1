"""The chat completions API: who may ask, what has to be said, how it answers."""

from collections.abc import Mapping
from typing import Any

import orjson

from stand_ins.answers import JSON_HEADERS, Answer, Request, success
from stand_ins.llm.classifier import answer_to

API_KEY = "sk-stand-in"
MODEL = "stand-in-keywords"
FORMATS = ("json_schema", "json_object")
CHARACTERS_PER_TOKEN = 4

Json = dict[str, Any]


class BadRequestError(Exception):
    """The request does not say what it has to; with the name of the parameter."""

    def __init__(self, param: str, message: str) -> None:
        """Name the parameter."""
        super().__init__(message)
        self.param = param


class ChatApi:
    """Answers requests; remembers which system prompts it has in its cache."""

    def __init__(self, understands: tuple[str, ...]) -> None:
        """Know no prompt yet."""
        self._understands = understands
        self._cached: set[str] = set()

    def answer(self, request: Request) -> Answer:
        """Answer one request."""
        if request.authorization != f"Bearer {API_KEY}":
            return failure(401, "Incorrect API key provided.", "invalid_api_key")
        try:
            body = orjson.loads(request.body)
        except orjson.JSONDecodeError:
            return failure(400, "We could not parse the JSON body.", None)
        if body.get("model") != MODEL:
            return failure(404, "The model does not exist.", "model_not_found")
        try:
            self._check(body)
        except BadRequestError as error:
            return failure(400, str(error), None, error.param)
        return self._completion(body)

    def _check(self, body: Json) -> None:
        messages = body.get("messages")
        if not messages or not all(
            isinstance(one.get("content"), str)
            and one.get("role") in ("system", "user", "assistant")
            for one in messages
        ):
            raise BadRequestError("messages", "'messages' needs roles and contents.")
        wanted = body.get("response_format", {"type": "text"})
        if wanted["type"] != "text" and wanted["type"] not in self._understands:
            raise BadRequestError(
                "response_format", f"response_format {wanted['type']} is not supported."
            )
        if wanted["type"] == "json_schema":
            named = wanted.get("json_schema", {})
            if not named.get("name") or not is_strict(named.get("schema")):
                raise BadRequestError(
                    "response_format",
                    "Invalid schema for response_format: every property has to be "
                    "required, and additionalProperties to be false.",
                )

    def _completion(self, body: Json) -> Answer:
        system = "".join(
            one["content"] for one in body["messages"] if one["role"] == "system"
        )
        sent = sum(len(one["content"]) for one in body["messages"])
        content = orjson.dumps(answer_to(body["messages"])).decode()
        cached = len(system) if system in self._cached else 0
        self._cached.add(system)
        return completion(content, sent, cached)


def completion(
    content: str | None,
    sent: int = 0,
    cached: int = 0,
    finish_reason: str = "stop",
    refusal: str | None = None,
) -> Answer:
    """Return an answer of the model; sizes in characters."""
    answered = len(content or "")
    tokens = [-(-size // CHARACTERS_PER_TOKEN) for size in (sent, answered, cached)]
    message = {"role": "assistant", "content": content, "refusal": refusal}
    return success(
        {
            "id": "chatcmpl-stand-in",
            "object": "chat.completion",
            "created": 0,
            "model": MODEL,
            "choices": [
                {"index": 0, "message": message, "finish_reason": finish_reason}
            ],
            "usage": {
                "prompt_tokens": tokens[0],
                "completion_tokens": tokens[1],
                "total_tokens": tokens[0] + tokens[1],
                "prompt_tokens_details": {"cached_tokens": tokens[2]},
            },
        }
    )


def failure(
    status: int,
    message: str,
    code: str | None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return an error as the API words it."""
    kinds = {429: "requests", 500: "server_error"}
    kind = kinds.get(status, "invalid_request_error")
    error = {"message": message, "type": kind, "param": param, "code": code}
    body = orjson.dumps({"error": error})
    return Answer(status, body, {**JSON_HEADERS, **(headers or {})})


def is_strict(schema: object) -> bool:
    """Tell whether all objects of a schema say all that strict mode asks for."""
    if isinstance(schema, list):
        return all(map(is_strict, schema))
    if not isinstance(schema, dict):
        return schema is not None
    properties = schema.get("properties")
    if properties is not None and (
        schema.get("additionalProperties") is not False
        or set(schema.get("required", ())) != set(properties)
    ):
        return False
    return all(map(is_strict, schema.values()))
