"""The engagement platform: persons, posts, comments, groups, moderation."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.columns import blanked, chosen, joined, picked, timestamps
from demo.world.community import Members, lifecycle
from demo.world.draw import generator, instants, uuids
from demo.world.identities import Identities
from demo.world.messages import message_tables
from demo.world.scale import DAY, END, HOUR, Scale

DELETED_POSTS = 0.968
POSTS_PER_MEMBER = 4
LOST_LINKS = 0.04  # persons whose external id was never filled in
COMPANIES = ("Polymer Works", "Solvent Union", "Catalyst House")


def engagement_tables(
    scale: Scale, identities: Identities, members: Members
) -> dict[str, pa.Table]:
    """Return the tables of the engagement database, for the members who are there."""
    rng = generator(scale, "engagement")
    person_id = uuids(rng, len(members))
    groups = _groups(rng, members, person_id)
    posts = _posts(rng, identities, members, person_id, groups)
    comments = _comments(rng, members, person_id, posts)
    return {
        "persons": _persons(rng, identities, members, person_id),
        "posts": posts,
        "comments": comments,
        "groups": groups,
        "group_members": _group_members(rng, members, person_id, groups),
        "mentions": _mentions(rng, person_id, posts, comments),
        "reports": _reports(rng, members, person_id, posts, comments),
        **message_tables(rng, members, person_id),
    }


def _persons(
    rng: np.random.Generator,
    identities: Identities,
    members: Members,
    person_id: pa.Array,
) -> pa.Table:
    count = len(members)
    email = picked(identities.email, members.identity)
    shouted = pc.if_else(pa.array(rng.random(count) < 0.3), pc.utf8_upper(email), email)
    picture_at = instants(rng, members.joined_at, END, count)
    return pa.table(
        {
            "id": person_id,
            "external_id": blanked(members.public_id, rng.random(count) < LOST_LINKS),
            "iam_id": uuids(rng, count),
            "first_name": picked(identities.first, members.identity),
            "middle_name": pa.nulls(count, pa.string()),
            "last_name": picked(identities.last, members.identity),
            "email": shouted,
            "mobile_number": picked(identities.phone, members.identity),
            "company_name": chosen(rng, [*COMPANIES, None], count),
            "role_title": chosen(rng, ["Process Engineer", "Buyer", None], count),
            "employment_status": chosen(rng, ["employed", "student", None], count),
            "profile_pic_updated_at": timestamps(picture_at, rng.random(count) < 0.5),
            **lifecycle(rng, members.joined_at, deleted_share=0.03),
        }
    )


def _groups(
    rng: np.random.Generator, members: Members, person_id: pa.Array
) -> pa.Table:
    founder, founded_at = members.acts(rng, max(6, len(members) // 25))
    count = len(founder)
    return pa.table(
        {
            "id": uuids(rng, count),
            "name": chosen(rng, ["Solvent circle", "Plant safety"], count),
            "description": chosen(rng, ["All about solvents", None], count),
            "created_by": person_id.take(pa.array(founder)),
            **lifecycle(rng, founded_at, deleted_share=0.2),
        }
    )


def _posts(
    rng: np.random.Generator,
    identities: Identities,
    members: Members,
    person_id: pa.Array,
    groups: pa.Table,
) -> pa.Table:
    """Build posts; nearly all of them are deleted, as in reality."""
    author, posted_at = members.acts(rng, POSTS_PER_MEMBER * len(members))
    count = len(author)
    kind = chosen(rng, ["text", "text", "link", "image", "file"], count)
    is_link = pc.equal(kind, "link")
    praised = members.identity[rng.integers(0, len(members), count)]
    return pa.table(
        {
            "id": uuids(rng, count),
            "person_id": person_id.take(pa.array(author)),
            "group_id": _one_of(rng, groups["id"], count, missing=0.6),
            "type": kind,
            "content": joined(
                "Thanks ",
                picked(identities.first, praised),
                " ",
                picked(identities.last, praised),
                ", write to ",
                picked(identities.email, praised),
            ),
            "link_url": pc.if_else(is_link, "https://news.example/solvents", None),
            "media_keys": chosen(rng, ['["media/one"]', "[]", None], count),
            "status": chosen(rng, ["published", "published", "hidden"], count),
            "link_has_preview": is_link,
            "pinned_by": _one_of(rng, person_id, count, missing=0.98),
            **lifecycle(rng, posted_at, DELETED_POSTS),
        }
    )


def _comments(
    rng: np.random.Generator, members: Members, person_id: pa.Array, posts: pa.Table
) -> pa.Table:
    """Build comments, most of them on posts that are deleted by now."""
    count = 2 * len(members)
    post, at = _after(rng, posts, count)
    author, _ = members.acts(rng, count)
    at = np.maximum(at, members.joined_at[author])
    comment_id = uuids(rng, count)
    return pa.table(
        {
            "id": comment_id,
            "post_id": posts["id"].take(pa.array(post)),
            "person_id": person_id.take(pa.array(author)),
            "parent_comment_id": _one_of(rng, comment_id, count, missing=0.8),
            "content": chosen(rng, ["Well said", "Which solvent?"], count),
            **lifecycle(rng, at, deleted_share=0.15),
        }
    )


def _group_members(
    rng: np.random.Generator, members: Members, person_id: pa.Array, groups: pa.Table
) -> pa.Table:
    count = 2 * len(members)
    group, at = _after(rng, groups, count)
    joiner, _ = members.acts(rng, count)
    at = np.maximum(at, members.joined_at[joiner])
    confirmed_at = np.minimum(at + rng.integers(HOUR, 3 * DAY, count), END - 1)
    return pa.table(
        {
            "id": uuids(rng, count),
            "group_id": groups["id"].take(pa.array(group)),
            "person_id": person_id.take(pa.array(joiner)),
            "role": chosen(rng, ["member", "member", "admin"], count),
            "confirmed_at": timestamps(confirmed_at, rng.random(count) < 0.3),
            **lifecycle(rng, at),
        }
    )


def _mentions(
    rng: np.random.Generator, person_id: pa.Array, posts: pa.Table, comments: pa.Table
) -> pa.Table:
    """Build mentions, half of them in posts and half in comments."""
    count = len(person_id)
    in_post, post_at = _after(rng, posts, count)
    in_comment, comment_at = _after(rng, comments, count)
    is_post = rng.random(count) < 0.5
    lives = lifecycle(rng, np.where(is_post, post_at, comment_at))
    return pa.table(
        {
            "id": uuids(rng, count),
            "post_id": blanked(_ids(posts, in_post), ~is_post),
            "comment_id": blanked(_ids(comments, in_comment), is_post),
            "mentioned_person_id": _one_of(rng, person_id, count),
            "mentioned_by_person_id": _one_of(rng, person_id, count),
            "created_at": lives["created_at"],
            "deleted_at": lives["deleted_at"],
        }
    )


def _reports(
    rng: np.random.Generator,
    members: Members,
    person_id: pa.Array,
    posts: pa.Table,
    comments: pa.Table,
) -> pa.Table:
    count = max(10, len(members) // 12)
    in_post, post_at = _after(rng, posts, count)
    in_comment, comment_at = _after(rng, comments, count)
    is_post = rng.random(count) < 0.7
    at = np.where(is_post, post_at, comment_at)
    reviewed_at = at + rng.integers(HOUR, 6 * DAY, count)
    is_open = (rng.random(count) < 0.3) | (reviewed_at >= END)
    lives = lifecycle(rng, at)
    return pa.table(
        {
            "id": uuids(rng, count),
            "reporter_id": _one_of(rng, person_id, count),
            "reported_post_id": blanked(_ids(posts, in_post), ~is_post),
            "reported_comment_id": blanked(_ids(comments, in_comment), is_post),
            "reason": chosen(rng, ["spam", "abuse", "off_topic"], count),
            "description": chosen(rng, ["Please look at this", None], count),
            "status": pc.if_else(pa.array(is_open), "open", "resolved"),
            "created_at": lives["created_at"],
            "reviewed_at": timestamps(reviewed_at, is_open),
            "deleted_at": lives["deleted_at"],
        }
    )


def _after(
    rng: np.random.Generator, rows: pa.Table, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw rows, and for each an instant after it was created."""
    chosen_rows = rng.integers(0, len(rows), count)
    created_at = rows["created_at"].cast(pa.int64()).to_numpy()[chosen_rows]
    return chosen_rows, instants(rng, created_at, END, count)


def _ids(rows: pa.Table, indices: np.ndarray) -> pa.Array:
    return rows["id"].take(pa.array(indices)).combine_chunks()


def _one_of(
    rng: np.random.Generator,
    values: pa.Array | pa.ChunkedArray,
    count: int,
    missing: float = 0.0,
) -> pa.Array | pa.ChunkedArray:
    """Draw references, some of them missing."""
    indices = rng.integers(0, len(values), count)
    return values.take(pa.array(indices, mask=rng.random(count) < missing))
