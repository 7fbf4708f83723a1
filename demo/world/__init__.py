"""A whole invented world, as Arrow tables and JSON documents; nothing is written."""

from dataclasses import dataclass

import pyarrow as pa

from demo.world.activity import draw_activity
from demo.world.app import app_tables
from demo.world.assistant import assistant_world
from demo.world.automations import (
    automation_documents,
    execution_rows,
    plan_automations,
)
from demo.world.cadence import cadence_tables
from demo.world.campaigns import plan_campaigns
from demo.world.capture import capture
from demo.world.chemlink import chemlink_tables
from demo.world.community import members_of_network, network_size
from demo.world.deliveries import send_all
from demo.world.draw import generator
from demo.world.effects import apply_effects
from demo.world.engagement import engagement_tables
from demo.world.identities import TEST_ACCOUNTS, draw_identities
from demo.world.kratos import kratos_tables
from demo.world.people import draw_people
from demo.world.push_jobs import push_job_documents
from demo.world.scale import Scale
from demo.world.telemetry import FAULTS, telemetry_files
from demo.world.truth import truth_of
from demo.world.untidiness import untidied

__all__ = ["Scale", "World", "build_world"]


@dataclass(frozen=True)
class World:
    """Everything the sources hold, and what is true about it.

    Attributes:
        databases: rows per table per Postgres database.
        posthog: rows per PostHog table.
        automations: automation configurations by id.
        push_jobs: push job logs by the name of their file.
        telemetry: lines of the files of metrics by the name of the file.
        telemetry_truth: the faults in them.
        truth: campaigns with their audience rule and true effects.
        assistant_labels: what is true of each day on which somebody talked to the
            assistant.
        personal_values: every value that must never reach the warehouse.
    """

    databases: dict[str, dict[str, pa.Table]]
    posthog: dict[str, pa.Table]
    automations: dict[str, dict]
    push_jobs: dict[str, dict]
    telemetry: dict[str, list[dict]]
    telemetry_truth: list[dict]
    truth: dict
    assistant_labels: pa.Table
    personal_values: set[str]


def build_world(scale: Scale) -> World:
    """Build the world of this scale: always the same one."""
    count = scale.users + len(TEST_ACCOUNTS) + network_size(scale)
    identities = draw_identities(generator(scale, "identities"), count)
    people = draw_people(scale, identities)
    plan = plan_campaigns(scale)
    organic = draw_activity(scale, people)
    sendings = send_all(scale, people, organic, plan)
    activity = apply_effects(scale, people, organic, sendings)
    automations = plan_automations(scale, plan)
    executions = execution_rows(scale, people, identities, sendings, automations)

    members = members_of_network(scale, identities)
    profiles = members.among(members.in_chemlink)
    assistant, labels, disclosed = assistant_world(scale, identities)
    kratos, kratos_id = kratos_tables(scale, identities, profiles)
    return World(
        databases=untidied(
            scale,
            {
                "cadence": cadence_tables(scale, people, sendings, executions),
                "app": app_tables(scale, people, identities, activity),
                "chemlink": chemlink_tables(scale, identities, profiles, kratos_id),
                "engagement": engagement_tables(
                    scale, identities, members.among(members.in_engagement)
                ),
                "kratos": kratos,
                "assistant": assistant,
            },
        ),
        posthog=capture(scale, people, identities, activity),
        automations=automation_documents(automations, identities),
        push_jobs=push_job_documents(scale, people, sendings),
        telemetry=telemetry_files(scale),
        telemetry_truth=[fault.truth for fault in FAULTS],
        truth=truth_of(sendings),
        assistant_labels=labels,
        personal_values=identities.personal_values()
        | set(people.token.tolist())
        | disclosed,
    )
