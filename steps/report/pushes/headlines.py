"""What the front page tells of the pushes; the page about them begins with it."""

from collections import Counter

from steps.report.formats import words
from steps.report.pushes.effects import change_per_hundred, changed_little, effect
from steps.report.pushes.model import Report


def headlines(report: Report) -> list[str]:
    """Return at most three sentences: single pushes, series, and the surest finding."""
    if not report.campaigns:
        return ["There is no push to report on yet."]
    return [lead(report), *_of_series(report), *_surest(report)]


def lead(report: Report) -> str:
    """Say how many pushes changed something, and of how many that is open."""
    counted = counts(report)
    return (
        f"{counted['raised']} of {len(report.campaigns)} pushes raised something, "
        f"{counted['lowered']} lowered something, of {counted['little']} we can say "
        "that they changed little; the rest is open."
    )


def counts(report: Report) -> Counter[str]:
    """Count the pushes that the first sentence tells of, and their recipients."""
    counted = Counter(raised=0, lowered=0, little=0)
    for campaign in report.campaigns:
        verdicts = {row["verdict"] for row in campaign.changed}
        counted["raised"] += "significant_up" in verdicts
        counted["lowered"] += "significant_down" in verdicts
        counted["little"] += not verdicts and any(
            changed_little(row, report.parameters) for row in campaign.results
        )
        counted["recipients"] += campaign.recipients
    return counted


def _of_series(report: Report) -> list[str]:
    changed = [one.name for one in report.repeated if one.changed]
    if not report.repeated:
        return []
    names = f": {', '.join(changed)}" if changed else ""
    return [
        f"Of the {len(report.repeated)} that were sent more than once, "
        f"{len(changed) or 'none'} changed what people did on average over all "
        f"sends{names}."
    ]


def _surest(report: Report) -> list[str]:
    """Tell the change by a single push that chance explains least."""
    found = [
        (row["adjusted_q"], campaign.day, campaign.key, campaign, row)
        for campaign in report.campaigns
        for row in campaign.changed
    ]
    if not found:
        return []
    *_, campaign, row = min(found, key=lambda one: one[:3])
    told = effect(row, report.parameters)
    low, high = change_per_hundred(told.low), change_per_hundred(told.high)
    return [
        f"The surest of single sends: {campaign.title}, sent {campaign.day}: "
        f"{words(row['metric'])} changed by {change_per_hundred(told.change)} ({low} "
        f"to {high}) per 100 people."
    ]
