"""What became of the days of a run, and what was used."""

from collections import Counter
from dataclasses import dataclass, field

from steps.insights.asking import Asked
from steps.insights.client import BUDGET, Client

KNOWN, NOT_ASKED, WITHOUT_TEXTS = "known", "not asked", "without texts"


@dataclass
class Tally:
    """Counts days by what became of them, and calls with their tokens."""

    days: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    sent: int = 0
    answered: int = 0

    def add(self, asked: Asked) -> None:
        """Count what was asked about a day."""
        self.days[asked.calls[-1].status] += 1
        for call in asked.calls:
            self.calls += call.status != BUDGET
            self.sent += call.input_tokens or 0
            self.answered += call.output_tokens or 0

    def told(self, client: Client) -> str:
        """Say what became of the days, and what it cost."""
        days = [
            f"{count:,} {name}" for name, count in sorted(self.days.items()) if count
        ]
        return (
            f"days: {', '.join(days) or 'none'}; {self.calls:,} calls, {self.sent:,} "
            f"tokens sent and {self.answered:,} answered, at most "
            f"{client.budget.spent:.4f} {client.price.currency}"
        )
