"""The logs of push jobs: one document per part of a campaign, per test, per dry run.

Trust them with care: a test looks like a live job, a dry run records success, a job
"in progress" may have delivered, a batch "failed" if one device did not answer, each
batch of a personalised job calls itself 1 of 1, and some files are copies.
"""

import numpy as np

from demo.world.campaigns import Campaign
from demo.world.columns import iso
from demo.world.deliveries import Sending
from demo.world.draw import generator, uuids
from demo.world.people import People
from demo.world.scale import DAY, END, HOUR, MINUTE, SECOND, Scale

BATCH_SIZE = 100
TESTS_PER_JOB = 1.5  # so that 60 % of live jobs are one-token tests
SHAPES = ("summary", "summary", "counts", "counts", "failed", "in_progress")


def push_job_documents(
    scale: Scale, people: People, sendings: list[Sending]
) -> dict[str, dict]:
    """Return the log of each push job by the name of its file, and some copies."""
    rng = generator(scale, "push jobs")
    jobs = [
        job for sending in sendings for job in _live_jobs(rng, scale, people, sending)
    ]
    tests = [
        _test_job(rng, scale, people, sendings[index].campaign)
        for index in rng.integers(0, len(sendings), int(len(jobs) * TESTS_PER_JOB))
    ]
    dry_runs = [
        _dry_run(rng, scale, people, sending)
        for sending in sendings
        if rng.random() < 0.25
    ]
    documents = jobs + tests + dry_runs
    ids = uuids(rng, len(documents)).to_pylist()
    logs = {
        job_id: {"jobId": job_id, **document}
        for job_id, document in zip(ids, documents, strict=True)
    }
    return logs | _copies(logs)


def _copies(logs: dict[str, dict]) -> dict[str, dict]:
    """Copy one log, and keep of another what it held while its job was in progress."""
    copied, *_ = logs
    kept = max(logs, key=lambda job_id: len(logs[job_id]["batches"]))
    half = len(logs[kept]["batches"]) // 2
    names = ("jobId", "startTime", "request")
    earlier = {name: logs[kept][name] for name in names} | {
        "status": "in_progress",
        "batches": logs[kept]["batches"][:half],
    }
    return {f"{copied} (copy)": logs[copied], f"{kept} (1)": earlier}


def _live_jobs(
    rng: np.random.Generator, scale: Scale, people: People, sending: Sending
) -> list[dict]:
    jobs = []
    for part in range(sending.part.max() + 1):
        is_part = sending.part == part
        job = _job(
            scale,
            sending.campaign,
            started_at=int(sending.sent_at[is_part][0]) - 5 * SECOND,
            ended_at=int(sending.sent_at[is_part][-1]) + SECOND,
            delivered=people.token[sending.user[is_part]].tolist(),
            failed=people.token[
                sending.failed_user[sending.failed_part == part]
            ].tolist(),
        )
        job["request"]["csvFileName"] = f"part-{part + 1}.csv"
        jobs.append(_shaped(job, str(rng.choice(SHAPES))))
    return jobs


def _test_job(
    rng: np.random.Generator, scale: Scale, people: People, campaign: Campaign
) -> dict:
    """Send to the phone of one colleague before the real thing: live, one token."""
    at = campaign.starts_at - int(rng.integers(10 * MINUTE, 3 * HOUR))
    token = str(people.token[rng.integers(0, 3)])
    job = _job(
        scale,
        campaign,
        started_at=at,
        ended_at=at + 3 * SECOND,
        delivered=[token],
        failed=[],
    )
    return _shaped(job, "counts")


def _dry_run(
    rng: np.random.Generator, scale: Scale, people: People, sending: Sending
) -> dict:
    """Rehearse: nothing is sent, and every token counts as a success."""
    at = sending.campaign.starts_at - int(rng.integers(20 * MINUTE, HOUR))
    job = _job(
        scale,
        sending.campaign,
        started_at=at,
        ended_at=at + MINUTE,
        delivered=people.token[np.unique(sending.user)].tolist(),
        failed=[],
    )
    job["request"]["dryRun"] = True
    return _shaped(job, "summary")


def _job(
    scale: Scale,
    campaign: Campaign,
    *,
    started_at: int,
    ended_at: int,
    delivered: list[str],
    failed: list[str],
) -> dict:
    """Build the part of a log that all jobs have in common."""
    is_personalised = "[[var:" in campaign.title
    size = 1 if is_personalised else BATCH_SIZE
    total = max(1, -(-len(delivered) // size))
    # Failures are reported by the first batch.
    batches = [
        _batch(
            *((1, 1) if is_personalised else (number, total)),
            started_at + (ended_at - started_at) * number // total,
            delivered[(number - 1) * size : number * size],
            failed if number == 1 else [],
        )
        for number in range(1, total + 1)
    ]
    # Older versions of the sender did not log the layer.
    is_old = campaign.starts_at < END - scale.days * DAY * 2 // 3
    return {
        "status": "completed",
        "startTime": iso(started_at),
        "endTime": iso(ended_at),
        "request": {
            "audienceDescription": campaign.audience,
            "audienceSize": 0,
            "title": campaign.title,
            "body": campaign.body,
            "deepLink": campaign.deep_link,
            "dryRun": False,
            **({} if is_old else {"layerId": campaign.layer_id}),
        },
        "batches": batches,
    }


def _batch(
    number: int, total: int, at: int, delivered: list[str], failed: list[str]
) -> dict:
    return {
        "batchNumber": number,
        "totalBatches": total,
        "status": "failed" if failed else "success",
        "successCount": len(delivered),
        "failureCount": len(failed),
        "timestamp": iso(at),
        "successfulTokens": delivered,
        "failedTokens": failed,
    }


def _shaped(job: dict, shape: str) -> dict:
    """Give a log one of the endings that senders have written over the years."""
    delivered = sum(batch["successCount"] for batch in job["batches"])
    failed = sum(batch["failureCount"] for batch in job["batches"])
    match shape:
        case "summary":
            counts = {"successCount": delivered, "failedCount": failed}
            return job | {"summary": counts | {"totalTokens": delivered + failed}}
        case "counts":
            counts = {"successCount": delivered, "failedCount": failed}
            return job | counts | {"totalTokens": delivered + failed}
        case "failed":
            token = job["batches"][0]["successfulTokens"][0]
            message = f"Connection reset after {token}"
            return job | {"status": "failed", "errorMessage": message}
        case _:
            unfinished = job | {"status": "in_progress"}
            del unfinished["endTime"]
            return unfinished
