"""A plain client of the stand-in."""

from typing import Any

import requests

from stand_ins.posthog import PostHogAddress, StandIn


def post(
    address: PostHogAddress,
    body: dict[str, Any],
    timeout: float = 30,
    **changes: str,
) -> requests.Response:
    """Ask the query endpoint; `key` and `project_id` replace the right ones."""
    key = changes.get("key", address.api_key)
    project_id = changes.get("project_id", address.project_id)
    return requests.post(
        f"{address.host}/api/projects/{project_id}/query/",
        json=body,
        headers={"Authorization": f"Bearer {key}"} if key else {},
        timeout=timeout,
    )


def ask(
    stand_in: StandIn,
    hogql: str,
    refresh: str = "force_blocking",
    timeout: float = 30,
    **values: object,
) -> requests.Response:
    """Ask a HogQL query."""
    query = {"kind": "HogQLQuery", "query": hogql, "values": values}
    return post(stand_in.address, {"query": query, "refresh": refresh}, timeout)


def rows(stand_in: StandIn, hogql: str, **values: object) -> list[list]:
    """Return the rows of a query."""
    response = ask(stand_in, hogql, **values)
    assert response.status_code == 200, response.text
    return response.json()["results"]
