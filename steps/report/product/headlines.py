"""What the front page tells of the product, and the sentences above its parts."""

from steps.report.formats import count, share
from steps.report.product.areas import ACTIVE, RETENTION
from steps.report.product.data import History, Product

STEPS = {
    "signed_up": "sign-up",
    "basic_info": "name and e-mail address",
    "experience": "first job in the profile",
    "education": "first school in the profile",
    "complete_profile": "complete profile",
    "first_activity": "first activity",
    "engaged": "active 30 days later, or after",
}
# of so few a percentage says little
FEW = 30


def headlines(product: Product) -> list[str]:
    """Return three sentences: who is active, who stops where, and who comes back."""
    if not product.is_known:
        return [f"Nothing is known of what people do: {product.absence()}."]
    active = product.histories(ACTIVE)[0]
    [returned] = product.histories(RETENTION)
    return [
        _told(active, "people were active in the 30 days to"),
        stop_sentence(product),
        _told(
            returned,
            "of those active in a week were active in the next one, in the 28 days to",
        ),
    ]


def stop_sentence(product: Product) -> str:
    """Say where most people stop on the way to their first activity."""
    steps = product.funnel
    if not steps or not steps[0].people:
        return (
            "Where people stop before their first activity is not known: "
            f"{product.absence('chemlink')}."
        )
    stop = product.stop
    if stop is None:
        return "Everybody who signed up got to a first activity."
    before = steps[[step.name for step in steps].index(stop.name) - 1]
    return (
        f"On the way to a first activity most people stop between {STEPS[before.name]} "
        f"and {STEPS[stop.name]}: {stop.lost:,} of {before.people:,} "
        f"({share(stop.lost / before.people)}) got no further."
    )


def value(history: History, age: int = 0) -> str:
    """Write what a measure was in a span.

    Args:
        history: A measure.
        age: 0 for the newest span, 1 for the one before.
    """
    number = history.before if age else history.value
    if number is None:
        return "not known"
    return share(number) if history.measure.is_share else count(number)


def of(history: History, age: int = 0) -> str:
    """Write of how many a share was in a span, or nothing."""
    span = history.spans.get(age)
    return count(span.of) if span and span.of is not None else ""


def change(history: History) -> str:
    """Say how a measure compares with the 28 days before, or why it cannot be told."""
    now, before = history.value, history.before
    if now is None or before is None:
        return history.reason
    if history.measure.is_share:
        difference = f"{100 * (now - before):+.1f} points"
    elif before < FEW:
        difference = f"{now - before:+.3g}"
    else:
        difference = f"{100 * (now / before - 1):+,.1f}%"
    told = f"{value(history, 1)} of {of(history, 1)}".removesuffix(" of ")
    return f"{difference} on 28 days earlier ({told})"


def _told(history: History, what: str) -> str:
    if history.value is None:
        return f"{history.measure.label}: not known, {history.reason}."
    told = f"{value(history)} {what} {history.spans[0].last_date}"
    if history.before is None:
        return f"{told}; nothing to compare it with: {history.reason}."
    return f"{told}: {change(history)}."
