"""The lookup tables of ChemLink, and references to rows of a table."""

import numpy as np
import pyarrow as pa

from demo.world.community import numbered

# table: its text column, then its values
LOOKUPS = {
    "companies": ("name", "Polymer Works", "Solvent Union", "Catalyst House", "Resins"),
    "roles": ("title", "Process Engineer", "Lab Analyst", "Buyer", "Sales Lead"),
    "projects": ("name", "Pilot plant", "Low-carbon solvent", "Plant audit"),
    "schools": ("name", "Institute of Chemistry", "Coast University", "Lake College"),
    "degrees": ("name", "Bachelor", "Master", "Doctorate"),
    "languages": ("name", "English", "Spanish", "Hindi", "German"),
    "locations": ("country", "United States", "India", "Germany", "Brazil", "Japan"),
}


def lookup_tables() -> dict[str, pa.Table]:
    """Return the lookup tables."""
    return {
        name: pa.table({"id": numbered(len(values)), column: values})
        for name, (column, *values) in LOOKUPS.items()
    }


def looked_up(
    rng: np.random.Generator, table: str, count: int, missing: float = 0.0
) -> pa.Array:
    """Draw references to a lookup table, some of them missing."""
    return references(rng, count, len(LOOKUPS[table]) - 1, missing)


def references(
    rng: np.random.Generator, count: int, size: int, missing: float = 0.0
) -> pa.Array:
    """Draw references to a table of `size` rows, some of them missing."""
    return pa.array(rng.integers(1, size + 1, count), mask=rng.random(count) < missing)
