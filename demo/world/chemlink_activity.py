"""What members do in ChemLink: careers they describe, collections, searches, votes."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.columns import blanked, chosen, joined, picked, timestamps
from demo.world.community import Members, lifecycle, numbered
from demo.world.draw import instants
from demo.world.identities import Identities
from demo.world.lookups import looked_up, references
from demo.world.scale import DAY, END


def _months(rng: np.random.Generator, count: int, first_year: int) -> pa.Array:
    """Draw dates the way profiles hold them: "M-YYYY" as text."""
    month = pa.array(rng.integers(1, 13, count)).cast(pa.string())
    year = pa.array(rng.integers(first_year, first_year + 6, count)).cast(pa.string())
    return joined(month, "-", year)


def _ends(rng: np.random.Generator, count: int, first_year: int) -> pa.Array:
    """Draw end dates: a month, "Present", empty, or nothing."""
    kind = rng.random(count)
    ends = pc.if_else(pa.array(kind < 0.3), "Present", _months(rng, count, first_year))
    ends = pc.if_else(pa.array((kind >= 0.3) & (kind < 0.4)), "", ends)
    return blanked(ends, kind > 0.95)


def careers(rng: np.random.Generator, members: Members) -> dict[str, pa.Table]:
    """Build experiences, education and languages, with dates as "M-YYYY" texts."""
    worker, work_at = members.acts(rng, 2 * len(members))
    pupil, school_at = members.acts(rng, len(members))
    speaker, spoken_at = members.acts(rng, len(members))
    works, pupils, speakers = len(worker), len(pupil), len(speaker)
    experiences = {
        "id": numbered(works),
        "person_id": pa.array(worker + 1),
        "company_id": looked_up(rng, "companies", works),
        "project_id": looked_up(rng, "projects", works, missing=0.7),
        "role_id": looked_up(rng, "roles", works, missing=0.1),
        "location_id": looked_up(rng, "locations", works, missing=0.3),
        "description": chosen(rng, ["Ran the pilot plant", None], works),
        "type": chosen(rng, ["FULL_TIME", "PART_TIME", "CONTRACT"], works),
        "start_date": _months(rng, works, 2008),
        "end_date": _ends(rng, works, 2015),
        "city": chosen(rng, ["Houston", "Leverkusen", "Pune", None], works),
    }
    education = {
        "id": numbered(pupils),
        "person_id": pa.array(pupil + 1),
        "school_id": looked_up(rng, "schools", pupils),
        "degree_id": looked_up(rng, "degrees", pupils, missing=0.1),
        "field_of_study": chosen(rng, ["Chemistry", "Physics", "Materials"], pupils),
        "description": chosen(rng, ["Thesis on solvents", None], pupils),
        "start_date": _months(rng, pupils, 2000),
        "end_date": _ends(rng, pupils, 2006),
    }
    languages = {
        "id": numbered(speakers),
        "person_id": pa.array(speaker + 1),
        "language_id": looked_up(rng, "languages", speakers),
        "proficiency": chosen(rng, ["native", "fluent", "basic"], speakers),
    }
    return {
        "experiences": pa.table({**experiences, **lifecycle(rng, work_at)}),
        "education": pa.table({**education, **lifecycle(rng, school_at)}),
        "person_languages": pa.table({**languages, **lifecycle(rng, spoken_at)}),
    }


def collections(rng: np.random.Generator, members: Members) -> dict[str, pa.Table]:
    """Build collections, the profiles in them and the people who may edit them."""
    owner, made_at = members.acts(rng, len(members) // 2)
    made = len(owner)
    tables = {
        "collections": {
            "id": numbered(made),
            "person_id": pa.array(owner + 1),
            "name": chosen(rng, ["Polymer people", "My shortlist"], made),
            "description": chosen(rng, ["For the new plant", None], made),
            "privacy": chosen(rng, ["PUBLIC", "PRIVATE", "PRIVATE"], made),
            **lifecycle(rng, made_at, deleted_share=0.1),
        }
    }
    for name, per_collection, details in (
        ("collection_profiles", 4, {"rank": [1, 2, 3]}),
        ("collection_collaborators", 1, {"access_type": ["VIEW", "EDIT"]}),
    ):
        rows = made * per_collection
        inside = rng.integers(0, made, rows)
        at = instants(rng, made_at[inside], END, rows)
        tables[name] = {
            "id": numbered(rows),
            "collection_id": pa.array(inside + 1),
            "person_id": references(rng, rows, len(members)),
            "added_by": pa.array(owner[inside] + 1),
            **{
                column: pa.array(values).take(
                    pa.array(rng.integers(0, len(values), rows))
                )
                for column, values in details.items()
            },
            **lifecycle(rng, at),
        }
    return {name: pa.table(columns) for name, columns in tables.items()}


def finder(
    rng: np.random.Generator, identities: Identities, members: Members
) -> dict[str, pa.Table]:
    """Build searches, votes on their answers, Finder profiles and access grants."""
    voter, voted_at = members.acts(rng, 2 * len(members))
    votes = len(voter)
    searched_at = instants(rng, members.joined_at[0], END, 3 * len(members))
    searches = len(searched_at)
    finder = np.flatnonzero(rng.random(len(members)) < 0.4)
    grantee, granted_at = members.acts(rng, len(members) // 2)
    sought = picked(identities.first, members.identity[rng.integers(0, 5, searches)])
    vote = pa.table(
        {
            "id": numbered(votes),
            "type": chosen(rng, ["upvote", "upvote", "downvote"], votes),
            "voter_id": pa.array(voter + 1),
            "profile_id": references(rng, votes, len(members)),
            "score": pa.array(rng.random(votes).round(3)),
            "search_key": chosen(rng, ["solvent buyer", "resin chemist"], votes),
            "actual_query": chosen(rng, ["who buys solvents in Pune?"], votes),
            "remarks": chosen(rng, ["spot on", None], votes),
            **lifecycle(rng, voted_at),
        }
    ).drop_columns("deleted_at")
    return {
        "query_votes": vote,
        "query_embeddings": pa.table(
            {
                "id": numbered(searches),
                "intent": chosen(rng, ["find_person", "find_company", None], searches),
                "embedded_text": joined("where is ", sought),
                "vector": chosen(rng, ["[0.1,0.2,0.3]"], searches),
                **lifecycle(rng, searched_at),
            }
        ),
        "embeddings": pa.table(
            {
                "id": numbered(len(finder)),
                "person_id": pa.array(finder + 1),
                "type": chosen(rng, ["PROFILE"], len(finder)),
                "vector": chosen(rng, ["[0.3,0.2,0.1]"], len(finder)),
                **lifecycle(rng, members.joined_at[finder]),
            }
        ),
        "view_access": pa.table(
            {
                "id": numbered(len(grantee)),
                "person_id": pa.array(grantee + 1),
                "type": chosen(rng, ["CONTACT", "RESUME"], len(grantee)),
                "expiry": timestamps(
                    granted_at + 30 * DAY, rng.random(len(grantee)) < 0.3
                ),
                "metadata": chosen(rng, ['{"reason":"hiring"}'], len(grantee)),
                **lifecycle(rng, granted_at),
            }
        ),
    }
