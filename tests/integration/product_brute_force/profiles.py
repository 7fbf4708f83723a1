"""How complete each ChemLink profile was at any moment."""

from dataclasses import dataclass
from datetime import datetime

from tests.integration.product_brute_force.sources import Row, seed
from tests.integration.product_brute_force.world import World

WEIGHTS = {row["profile_part"]: int(row["weight"]) for row in seed("profile_weights")}
COMPLETE = 70


@dataclass(frozen=True)
class Profile:
    """A profile with its careers.

    The source keeps the newest version of a person only; it stands for the time
    before, when nobody knows what the profile said.
    """

    user_key: str
    person: Row
    experiences: list[Row]
    educations: list[Row]

    @property
    def known_from(self) -> datetime:
        """When the version was written."""
        times = ("created_at", "updated_at", "deleted_at")
        return max(self.person[name] for name in times if self.person[name])

    @property
    def changes(self) -> list[datetime]:
        """Every instant at which the profile may have changed."""
        careers = self.experiences + self.educations
        times = [row[name] for row in careers for name in ("created_at", "deleted_at")]
        return sorted({self.person["created_at"], *filter(None, times)})

    def has_basic_info(self) -> bool:
        """Tell whether first name, last name and e-mail are there."""
        return all(self.person[name] for name in ("first_name", "last_name", "email"))

    def has_experience(self, at: datetime) -> bool:
        """Tell whether the person named an employment."""
        return any(_stands(row, at) for row in self.experiences)

    def has_education(self, at: datetime) -> bool:
        """Tell whether the person named a school."""
        return any(_stands(row, at) for row in self.educations)

    def score_at(self, at: datetime) -> int:
        """Return the points of the profile."""
        person = self.person
        parts = {
            "first_name": bool(person["first_name"]),
            "last_name": bool(person["last_name"]),
            "email": bool(person["email"]),
            "headline": len(person["headline_description"] or "") > 10,
            "linked_in": bool(person["linked_in_url"]),
            "experience": self.has_experience(at),
            "education": self.has_education(at),
            "location": person["location_id"] is not None,
        }
        return sum(WEIGHTS[part] for part, is_there in parts.items() if is_there)

    def is_complete(self, at: datetime) -> bool:
        """Tell whether the profile counts as complete."""
        return self.score_at(at) >= COMPLETE


def _stands(row: Row, at: datetime) -> bool:
    return row["created_at"] <= at and not (
        row["deleted_at"] and row["deleted_at"] <= at
    )


def profiles(world: World) -> dict[str, Profile]:
    """Return the profile of everybody who has one."""
    careers = {
        table: world.sources.tables[f"chemlink.{table}"]
        for table in ("experiences", "education")
    }
    return {
        one.user_key: Profile(
            one.user_key,
            one.row,
            *(
                [row for row in rows if str(row["person_id"]) == one.id]
                for rows in careers.values()
            ),
        )
        for one in world.identities.accounts
        if one.system == "chemlink"
    }
