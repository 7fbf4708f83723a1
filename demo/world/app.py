"""The app database: users, offers, trades, closets and wishlists.

Its rows agree with the captured events: one offer per `Offer Created`, one closet
item per `PDP add to closet`, one wish per `PDP add to wishlist`.
"""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from demo.world.activity import ACCEPT, CLOSET_ADD, OFFER, WISHLIST_ADD, Activity
from demo.world.columns import blanked, chosen, picked, timestamps
from demo.world.draw import generator, uuids
from demo.world.identities import Identities
from demo.world.offers import Offers, draw_offers
from demo.world.people import People
from demo.world.scale import DAY, END, HOUR, SECOND, Scale

TRUSTED_FROM = 3  # completed trades
VARIANTS = 800


def app_tables(
    scale: Scale, people: People, identities: Identities, activity: Activity
) -> dict[str, pa.Table]:
    """Return the tables of the app database."""
    rng = generator(scale, "app")
    offers = draw_offers(
        rng,
        people,
        offered=_of_kind(activity, OFFER),
        accepted=_of_kind(activity, ACCEPT),
        is_traded=activity.is_traded[activity.event_kind == ACCEPT],
    )
    wishes = _items(rng, people, *_of_kind(activity, WISHLIST_ADD))
    return {
        "users": _users(rng, people, identities, offers),
        "offers": _offers(rng, people, offers),
        "trades": _trades(rng, offers),
        "inventory_items": _closets(
            rng, people, offers, *_of_kind(activity, CLOSET_ADD)
        ),
        "wishlist_items": wishes,
    }


def _of_kind(activity: Activity, kind: int) -> tuple[np.ndarray, np.ndarray]:
    """Return users and instants of all events of one kind."""
    is_kind = activity.event_kind == kind
    return activity.event_user[is_kind], activity.event_at[is_kind]


def _deleted(rng: np.random.Generator, at: np.ndarray, share: float) -> pa.Array:
    """Return the app's soft delete: seconds since 1970, or 0 for a live row."""
    later = at + (rng.random(len(at)) * (END - at)).astype(np.int64)
    is_deleted = rng.random(len(at)) < share
    return pa.array(np.where(is_deleted, later // SECOND, 0))


def _users(
    rng: np.random.Generator, people: People, identities: Identities, offers: Offers
) -> pa.Table:
    traders = [offers.creator, offers.receiver]
    traders = np.concatenate([trader[offers.is_confirmed] for trader in traders])
    trades = np.bincount(traders, minlength=len(people))
    birthday = rng.integers(-3650, 13_000, len(people)).astype("datetime64[D]")
    return pa.table(
        {
            "id": people.user_id,
            "created_at": timestamps(people.signed_up_at),
            "deleted_at": _deleted(rng, people.signed_up_at, 0.02),
            "is_trusted_trader": pa.array(trades >= TRUSTED_FROM),
            "completed_trades_count": pa.array(trades),
            "closet_value": pa.array(rng.lognormal(5, 1, len(people)).round(2)),
            "email": picked(identities.email, people.identity),
            "first_name": picked(identities.first, people.identity),
            "username": picked(identities.username, people.identity),
            "phone_number": picked(identities.phone, people.identity),
            "birthday": pa.array(birthday),
        }
    )


def _offers(rng: np.random.Generator, people: People, offers: Offers) -> pa.Table:
    count = len(offers.creator)
    is_counter = rng.random(count) < 0.1
    original = offers.offer_id.take(pa.array(rng.integers(0, count, count)))
    cash = np.where(rng.random(count) < 0.6, 0, rng.gamma(2, 40, count)).round(2)
    open_status = chosen(rng, ["pending", "declined", "expired", "countered"], count)
    is_accepted = pa.array(offers.accepted_at >= 0)
    return pa.table(
        {
            "id": offers.offer_id,
            "creator_user_id": people.user_id.take(pa.array(offers.creator)),
            "receiver_user_id": people.user_id.take(pa.array(offers.receiver)),
            "offer_status": pc.if_else(is_accepted, "accepted", open_status),
            "offer_type": chosen(rng, ["trade", "trade_plus_cash", "cash"], count),
            "cash": pa.array(cash),
            "is_offer_idea": pa.array(offers.is_idea),
            "original_offer_id": blanked(original, ~is_counter),
            "confirmed_trade_date": timestamps(
                offers.confirmed_at, ~offers.is_confirmed
            ),
            "created_at": timestamps(offers.created_at),
            "deleted_at": _deleted(rng, offers.created_at, 0.03),
        }
    )


def _trades(rng: np.random.Generator, offers: Offers) -> pa.Table:
    """Build the trades of accepted offers: confirmed, under way or called off."""
    accepted = np.flatnonzero(offers.accepted_at >= 0)
    confirmed_at = offers.confirmed_at[accepted]
    is_confirmed = offers.is_confirmed[accepted]
    validated_at = confirmed_at + rng.integers(6 * HOUR, 4 * DAY, len(accepted))
    is_validated = is_confirmed & (validated_at < END)
    unconfirmed = chosen(rng, ["in_progress", "cancelled"], len(accepted))
    return pa.table(
        {
            "offer_id": offers.offer_id.take(pa.array(accepted)),
            "created_at": timestamps(offers.accepted_at[accepted]),
            "confirmed_trade_date": timestamps(confirmed_at, ~is_confirmed),
            "validation_passed_date": timestamps(validated_at, ~is_validated),
            "state": pc.if_else(pa.array(is_confirmed), "confirmed", unconfirmed),
        }
    )


def _closets(
    rng: np.random.Generator,
    people: People,
    offers: Offers,
    user: np.ndarray,
    at: np.ndarray,
) -> pa.Table:
    """Build closet items: added by hand, or got by a trade from another closet."""
    got_by = offers.receiver[offers.is_confirmed]
    got_at = offers.confirmed_at[offers.is_confirmed]
    items = _items(
        rng, people, np.concatenate([user, got_by]), np.concatenate([at, got_at])
    )
    previous = items["id"].take(pa.array(rng.integers(0, len(user), len(items))))
    was_added = np.arange(len(items)) < len(user)
    status = chosen(rng, ["available", "available", "in_trade", "hidden"], len(items))
    return items.append_column("status", status).append_column(
        "previous_inventory_item_id", blanked(previous.combine_chunks(), was_added)
    )


def _items(
    rng: np.random.Generator, people: People, user: np.ndarray, at: np.ndarray
) -> pa.Table:
    variant = rng.integers(1, VARIANTS, len(user))
    return pa.table(
        {
            "id": uuids(rng, len(user)),
            "user_id": people.user_id.take(pa.array(user)),
            "product_variant_id": pa.array(variant),
            "created_at": timestamps(at),
            "deleted_at": _deleted(rng, at, 0.05),
        }
    )
