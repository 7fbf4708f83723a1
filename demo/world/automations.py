"""The automations behind recurring pushes, as configured and as run."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from demo.world.campaigns import Campaign
from demo.world.columns import chosen, iso
from demo.world.deliveries import Sending
from demo.world.draw import generator, uuids
from demo.world.identities import Identities
from demo.world.people import People
from demo.world.scale import DAY, HOUR, MINUTE, SECOND, Scale

AUTOMATED_LAYERS = {2: "trigger", 3: "behavioural", 0: "series", 5: "series"}
FAILED_SHARE = 0.15
DRY_RUN_SHARE = 0.4


@dataclass(frozen=True)
class Automation:
    """A configured automation: it sends one title of one layer again and again."""

    automation_id: str
    name: str
    kind: str
    campaign: Campaign  # the first it sent


def plan_automations(scale: Scale, plan: list[Campaign]) -> list[Automation]:
    """Return one automation for each title of the automated layers."""
    first: dict[tuple[str, int], Campaign] = {}
    for campaign in plan:
        if campaign.layer_id in AUTOMATED_LAYERS:
            first.setdefault((campaign.title, campaign.layer_id), campaign)
    ids = uuids(generator(scale, "automations"), len(first)).to_pylist()
    return [
        Automation(
            automation_id=automation_id,
            name=f"{AUTOMATED_LAYERS[layer].title()} {number}",
            kind=AUTOMATED_LAYERS[layer],
            campaign=campaign,
        )
        for number, (automation_id, ((_, layer), campaign)) in enumerate(
            zip(ids, first.items(), strict=True), start=1
        )
    ]


def automation_documents(
    automations: list[Automation], identities: Identities
) -> dict[str, dict]:
    """Return the configuration file of each automation, by its id.

    Its counters are stale and its execution time is not when pushes go out; an alert
    address shows that a configuration can hold personal values.
    """
    return {
        automation.automation_id: {
            "id": automation.automation_id,
            "name": automation.name,
            "type": automation.kind,
            "status": "scheduled",
            "isActive": True,
            "schedule": {
                "timezone": "America/Chicago",
                "frequency": "daily",
                "executionTime": _planned_time(automation.campaign.starts_at),
                "leadTimeMinutes": 30,
                **({"cronExpression": "0 18 * * *"} if index % 3 == 0 else {}),
            },
            "pushSequence": [
                {
                    "sequenceOrder": 1,
                    "title": automation.campaign.title,
                    "body": automation.campaign.body,
                    "deepLink": automation.campaign.deep_link,
                    "layerId": automation.campaign.layer_id,
                    "audienceName": automation.campaign.audience,
                    "timing": {"delayAfterPrevious": 0},
                }
            ],
            "audienceCriteria": {"rule": automation.campaign.audience},
            "settings": {
                "safeguards": {"alertTo": identities.email[index], "maxAudience": 5000}
            },
            "metadata": {"totalExecutions": 0, "totalPushesSent": 0},
            "createdAt": iso(automation.campaign.starts_at - 7 * DAY),
            "updatedAt": iso(automation.campaign.starts_at - DAY),
        }
        for index, automation in enumerate(automations)
    }


def _planned_time(starts_at: int) -> str:
    """Return the local time that was configured; real sends drift from it."""
    local = (starts_at - 5 * HOUR) % DAY // MINUTE // 30 * 30
    return f"{local // 60:02d}:{local % 60:02d}"


def execution_rows(
    scale: Scale,
    people: People,
    identities: Identities,
    sendings: list[Sending],
    automations: list[Automation],
) -> pa.Table:
    """Return `automation_executions`: the live runs and the dry runs before them."""
    rng = generator(scale, "executions")
    of_title = {(one.campaign.title, one.campaign.layer_id): one for one in automations}
    executions = []
    for sending in sendings:
        campaign = sending.campaign
        if campaign.layer_id not in AUTOMATED_LAYERS:
            continue
        live = _execution(of_title[campaign.title, campaign.layer_id], sending)
        if rng.random() < FAILED_SHARE:
            live |= _failure(people, identities, int(sending.user[0]))
        executions.append(live)
        if rng.random() < DRY_RUN_SHARE:
            executions.append(_dry_run(live))
    executions[-1] |= {"status": "aborted", "current_phase": "sending"}
    executions[-2] |= {"status": "running", "completed_at": None, "duration_ms": None}
    rows = pa.Table.from_pylist(executions)
    for index, name in enumerate(rows.column_names):
        if name.endswith("_at"):
            at = rows[name].cast(pa.timestamp("us", "UTC"))
            rows = rows.set_column(index, name, at)
    return rows.append_column("id", uuids(rng, len(rows))).append_column(
        "instance_id", chosen(rng, ["sender-1", "sender-2"], len(rows))
    )


def _execution(automation: Automation, sending: Sending) -> dict:
    started_at = int(sending.sent_at[0]) - 2 * MINUTE
    completed_at = int(sending.sent_at[-1]) + 30 * SECOND
    is_pilot = sending.campaign.audience == "pilot"
    return {
        "automation_id": automation.automation_id,
        "automation_name": automation.name,
        "started_at": started_at,
        "completed_at": completed_at,
        "duration_ms": (completed_at - started_at) // 1000,
        "status": "completed",
        "current_phase": "done",
        "audience_size": len(np.unique(sending.user)) + len(sending.failed_user),
        "pushes_sent": len(sending.user),
        "pushes_failed": len(sending.failed_user),
        "error_message": None,
        "error_stack": None,
        "execution_mode": "test-live-send" if is_pilot else "live-send",
        "created_at": started_at,
        "updated_at": completed_at,
    }


def _failure(people: People, identities: Identities, user: int) -> dict:
    """Report an error the way senders do: with the token and address of somebody."""
    address = identities.email[people.identity[user]]
    return {
        "status": "failed",
        "current_phase": "sending",
        "error_message": f"DeviceNotRegistered: {people.token[user]}",
        "error_stack": f"Error: no device of {address}\n    at push.js:88",
    }


def _dry_run(live: dict) -> dict:
    times = ("started_at", "completed_at", "created_at", "updated_at")
    earlier = {name: live[name] - HOUR for name in times}
    return {
        **live,
        **earlier,
        "status": "completed",
        "current_phase": "done",
        "error_message": None,
        "error_stack": None,
        "execution_mode": "real-dry-run",
    }
