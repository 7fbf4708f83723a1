"""The glossary of ChemLink, as untidy as people keep it."""

import numpy as np
import pyarrow as pa

from demo.world.columns import chosen, timestamps
from demo.world.community import lifecycle, numbered
from demo.world.identities import Identities
from demo.world.scale import DAY, END

TERMS = ("Solvent", "Catalyst", "Polymer", "Reagent", "Titration", "Distillation")


def glossary(rng: np.random.Generator, identities: Identities) -> pa.Table:
    """Build the glossary: good entries, then what is wrong with it.

    Among the latter are the same terms in other case, entries that describe nothing,
    and entries that name invented people's address, number and profile.
    """
    begun = END - 400 * DAY
    lives = lifecycle(rng, np.full(len(TERMS), begun), deleted_share=0)
    good = pa.table(
        {
            "term": list(TERMS),
            "meaning": [f"What {term.lower()} means" for term in TERMS],
            "category": chosen(rng, ["process", "material"], len(TERMS)),
            "description": [f"{term}: see the handbook" for term in TERMS],
            "created_at": lives["created_at"],
            "updated_at": lives["updated_at"],
        }
    )
    rows = _untidy(identities)
    untidy = pa.table(
        {
            **dict(zip(good.column_names, zip(*rows, strict=True), strict=False)),
            "created_at": timestamps(np.full(len(rows), begun)),
            "updated_at": timestamps(END - np.arange(1, len(rows) + 1) * DAY),
        },
        schema=good.schema,
    )
    both = pa.concat_tables([good, untidy])
    return both.add_column(0, "id", numbered(len(both)))


def _untidy(identities: Identities) -> list[tuple[str | None, ...]]:
    email, phone, profile = (
        values[-1]
        for values in (identities.email, identities.phone, identities.linked_in)
    )
    return [
        ("SOLVENT", "What dissolves", "material", "Dissolves another substance"),
        (" polymer ", "Many parts", "material", "A chain of many equal parts"),
        ("Buffer", "Keeps the pH", "material", None),
        ("Reflux", None, "process", "  "),
        ("Chromatography", f"Ask {email}", "process", f"Parts mixtures. Call {phone}"),
        (f"Contact {email.upper()}", None, None, f"Lab head, see {profile}?tab=1"),
    ]
