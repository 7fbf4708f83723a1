-- The product of the assistant. No table has more indexes than its primary key.
create table users (
    id uuid primary key,
    email varchar not null,
    name varchar,
    plan varchar,
    credit_allowance numeric,
    analytics_consent boolean,
    created_at timestamptz not null,
    deleted_at timestamptz
);

create table conversations (
    id uuid primary key,
    user_id uuid not null,
    title text,
    metadata jsonb,
    started_at timestamptz not null,
    last_message_at timestamptz,
    deleted_at timestamptz
);

create table messages (
    id uuid primary key,
    conversation_id uuid not null,
    role varchar not null,
    content text,
    tool_name varchar,
    created_at timestamptz not null
);

create table service_jobs (
    id uuid primary key,
    user_id uuid not null,
    conversation_id uuid, -- null: started by a button, outside of any conversation
    service varchar not null,
    status varchar not null,
    error_code varchar,
    error_message text,
    credits_used numeric not null default 0,
    created_at timestamptz not null,
    started_at timestamptz,
    completed_at timestamptz
);

create table user_actions (
    id uuid primary key,
    user_id varchar not null,
    action varchar not null,
    metadata jsonb,
    created_at timestamptz not null
);
