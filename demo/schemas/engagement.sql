-- Columns stand in the order in which they were added, as in one real environment.
create table persons (
    id uuid primary key,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz,
    email varchar,
    external_id varchar unique,
    first_name varchar,
    last_name varchar,
    iam_id varchar,
    mobile_number varchar,
    middle_name varchar,
    role_title varchar,
    company_name varchar,
    employment_status varchar,
    profile_pic_updated_at timestamptz
);

create table posts (
    id uuid primary key,
    content text,
    type varchar not null,
    person_id uuid not null,
    created_at timestamptz not null,
    updated_at timestamptz,
    group_id uuid,
    status varchar,
    deleted_at timestamptz,
    media_keys jsonb,
    link_url varchar,
    pinned_by uuid,
    link_has_preview boolean
);

create table comments (
    id uuid primary key,
    content text,
    post_id uuid not null,
    person_id uuid not null,
    parent_comment_id uuid,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table groups (
    id uuid primary key,
    name varchar,
    description text,
    created_by uuid,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table group_members (
    id uuid primary key,
    person_id uuid not null,
    group_id uuid not null,
    confirmed_at timestamptz,
    role varchar,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table mentions (
    id uuid primary key,
    mentioned_person_id uuid,
    mentioned_by_person_id uuid,
    post_id uuid,
    comment_id uuid,
    created_at timestamptz not null,
    deleted_at timestamptz
);

create table reports (
    id uuid primary key,
    reporter_id uuid,
    reported_post_id uuid,
    reported_comment_id uuid,
    reason varchar,
    description text,
    status varchar,
    created_at timestamptz not null,
    reviewed_at timestamptz,
    deleted_at timestamptz
);

create table conversations (
    id uuid primary key,
    conversation_type varchar,
    created_by uuid,
    created_at timestamptz,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table conversation_participants (
    conversation_id uuid,
    person_id uuid,
    role varchar,
    joined_at timestamptz,
    left_at timestamptz,
    created_at timestamptz,
    updated_at timestamptz,
    deleted_at timestamptz,
    primary key (conversation_id, person_id)
);

create table messages (
    id uuid primary key,
    conversation_id uuid not null,
    sender_id uuid,
    message_type varchar,
    body text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table message_reads (
    id uuid, -- not unique: what was read twice is there twice
    message_id uuid not null,
    person_id uuid not null,
    read_at timestamptz
);

create table message_reactions (
    message_id uuid,
    person_id uuid,
    reaction_type varchar,
    created_at timestamptz,
    primary key (message_id, person_id)
);
