"""What could happen from an instant on: rows added, changed and deleted.

Every statement touches only what happened at the instant or later, or the future of a
row from before: a deletion, a new version of a profile.
"""

NEW_ID = "gen_random_uuid()"

STATEMENTS = f"""
-- the app: everybody does something at the very instant and soon after it, some do
-- other things later than they did, and some nothing
insert into staging_posthog.events
    (uuid, event, distinct_id_hash, timestamp, created_at, os, lib)
select {NEW_ID}, event, distinct_id_hash, moment, moment, 'Android',
    'posthog-android'
from (select distinct distinct_id_hash from staging_posthog.events)
cross join (values
    ('Offer Created', timestamptz '$instant'),
    ('$screen', timestamptz '$instant' + interval '30 minutes')
) as added (event, moment);
update staging_posthog.events set event = 'PDP add to closet', os = 'iOS'
where timestamp >= '$instant' and hash(uuid) % 3 = 0;
-- but not an event that was re-sent with a new time: without that, the old time counts
delete from staging_posthog.events
where timestamp > '$instant' and hash(uuid) % 3 = 1
and uuid not in (select uuid from staging_posthog.events where timestamp < '$instant')
and timestamp < (select max(timestamp) - interval '1 day' from staging_posthog.events);
update staging_neon.trades set confirmed_trade_date = '$instant'
where confirmed_trade_date > '$instant' and hash(offer_id) % 2 = 0;
insert into staging_neon.user_notifications
    (id, user_id, user_id_hash, layer_id, sent_at, push_title)
select {NEW_ID}, user_id, user_id_hash, 1,
    timestamptz '$instant' + interval '1 hour', 'Sent later'
from (select distinct user_id, user_id_hash from staging_neon.user_notifications);

-- the engagement platform: posts and groups are deleted, with the comments and joins
insert into staging_engagement.posts (id, person_id, created_at, updated_at)
select {NEW_ID}, id, '$instant', '$instant' from staging_engagement.persons;
insert into staging_engagement.messages
    (id, conversation_id, sender_id, created_at, updated_at)
select {NEW_ID}, {NEW_ID}, id, '$instant', '$instant' from staging_engagement.persons;
update staging_engagement.posts set deleted_at = '$instant'
where created_at < '$instant' and coalesce(deleted_at, '$instant') >= '$instant';
update staging_engagement.groups set deleted_at = '$instant'
where created_at < '$instant' and coalesce(deleted_at, '$instant') >= '$instant';
delete from staging_engagement.comments where created_at > '$instant';

-- ChemLink: profiles lose what they had and gain what they had not
update staging_chemlink.persons
set headline_description_length = 0, linked_in_url_hash = null,
    location_id = null, updated_at = '$instant'
where created_at < '$instant';
update staging_chemlink.experiences set deleted_at = '$instant'
where created_at < '$instant' and coalesce(deleted_at, '$instant') >= '$instant';
insert into staging_chemlink.education (id, person_id, created_at)
select 1000000 + id, id, '$instant' from staging_chemlink.persons;
insert into staging_chemlink.query_votes (id, type, voter_id, created_at)
select 1000000 + id, 'up', id, '$instant' from staging_chemlink.persons;
insert into staging_chemlink.collections (id, person_id, created_at)
select 1000000 + id, id, '$instant' from staging_chemlink.persons;
insert into staging_chemlink.sessions (id, identity_id, authenticated_at, issued_at)
select {NEW_ID}, kratos_id, '$instant', '$instant' from staging_chemlink.persons
where kratos_id is not null;

-- the assistant: everybody talks, shares, pays, goes on with what was said before, and
-- no job ends well any more
insert into staging_assistant.conversations (id, id_hash, user_id, created_at)
select 'later ' || id, 'later ' || id, id, '$instant' from staging_assistant.users;
insert into staging_assistant.user_actions (id, user_id, action, created_at)
select 'later ' || id, id, 'share', '$instant' from staging_assistant.users;
insert into staging_assistant.messages (id, conversation_id, role, created_at)
select 'later ' || id, id, 'user', '$instant' from staging_assistant.conversations
where created_at < '$instant';
update staging_assistant.users set plan = 'pro', credit_allowance = 1000;
update staging_assistant.service_jobs set status = 'failed'
where completed_at >= '$instant';
"""

# The demo was loaded once, so it knows no profile of the past. As if it had been loaded
# all the time, no profile had changed but by its experiences and educations, and no
# event had arrived a day late or more, as that was not known in its day:
LOADED_ALL_THE_TIME = """
drop table if exists history.chemlink_persons_history;
update staging_chemlink.persons set updated_at = created_at;
delete from staging_posthog.events where created_at > timestamp + interval '1 day';
insert into staging_chemlink._loads (table_name, finished_at)
select 'persons', day
from generate_series(
    timestamptz '2025-01-01', timestamptz '2026-12-01', interval '1 day'
) as days (day);
"""


def happen_from(instant: str) -> str:
    """Return the statements that let it all happen from an instant on."""
    return STATEMENTS.replace("$instant", instant)


# every system is known until its load began, and PostHog where its slices end
LOADS = """
update staging_neon._loads set known_until_at = '$instant';
update staging_chemlink._loads set known_until_at = '$instant';
update staging_engagement._loads set known_until_at = '$instant';
update staging_assistant._loads set known_until_at = '$instant';
update staging_posthog._loads set known_until_at = '$instant';
update staging_posthog.load_slices set loaded_until = '$instant';
"""


def be_known_until(instant: str) -> str:
    """Return the statements that make every system known until an instant."""
    return LOADS.replace("$instant", instant)
