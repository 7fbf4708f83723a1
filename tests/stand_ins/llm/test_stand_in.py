"""The stand-in is as strict as the real service."""

from typing import Any

import openai
import pytest
import requests

from stand_ins.llm import StandIn

STRICT = {
    "type": "object",
    "properties": {"primary_intent": {"type": "string"}},
    "required": ["primary_intent"],
    "additionalProperties": False,
}
QUESTION = [
    {"role": "system", "content": "Answer with the key primary_intent."},
    {
        "role": "user",
        "content": '{"conversations": [[{"role": "user", "text": "Make a video"}]]}',
    },
]


def post(stand_in: StandIn, **changed: Any) -> requests.Response:  # noqa: ANN401
    body = {"model": stand_in.address.model, "messages": QUESTION} | changed
    return requests.post(
        f"{stand_in.address.base_url}/chat/completions",
        json=body,
        headers={"Authorization": f"Bearer {stand_in.address.api_key}"},
        timeout=10,
    )


def wanted(schema: object) -> dict[str, object]:
    named = {"name": "answer", "strict": True, "schema": schema}
    return {"type": "json_schema", "json_schema": named}


def test_the_sdk_reads_its_answers() -> None:
    with StandIn() as stand_in:
        address = stand_in.address
        api = openai.OpenAI(base_url=address.base_url, api_key=address.api_key)
        completion = api.chat.completions.create(
            model=address.model, messages=QUESTION, response_format=wanted(STRICT)
        )
        again = api.chat.completions.create(model=address.model, messages=QUESTION)
    assert '"primary_intent":"make_video"' in completion.choices[0].message.content
    usage = completion.usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.prompt_tokens_details.cached_tokens == 0
    assert again.usage.prompt_tokens_details.cached_tokens == 9


@pytest.mark.parametrize(
    ("changed", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "boss", "content": "x"}]}, "messages"),
        ({"response_format": {"type": "grammar"}}, "response_format"),
        ({"response_format": wanted(None)}, "response_format"),
        (
            {"response_format": wanted(STRICT | {"additionalProperties": True})},
            "response_format",
        ),
        ({"response_format": wanted(STRICT | {"required": []})}, "response_format"),
    ],
)
def test_a_bad_request_is_refused(changed: dict[str, Any], param: str) -> None:
    with StandIn() as stand_in:
        response = post(stand_in, **changed)
    assert response.status_code == 400
    assert response.json()["error"]["param"] == param


def test_the_key_the_model_and_the_path_have_to_be_right() -> None:
    with StandIn() as stand_in:
        url = f"{stand_in.address.base_url}/chat/completions"
        assert requests.post(url, json={}, timeout=10).status_code == 401
        assert (
            post(stand_in, model="gpt-4o").json()["error"]["code"] == "model_not_found"
        )
        assert requests.get(url, timeout=10).status_code == 404
