-- An older push database: user_notifications has no deep_link yet.
create table user_notifications (
    id uuid primary key,
    user_id uuid not null,
    notification_id uuid,
    layer_id integer not null,
    sent_at timestamptz not null,
    push_title text,
    push_body text,
    audience_description text
);
create index on user_notifications (user_id, sent_at desc);
create index on user_notifications (layer_id);
create index on user_notifications (sent_at desc);

create table notification_layers (
    id integer primary key,
    name text not null,
    description text
);

create table cadence_rules (
    id integer primary key,
    name text not null,
    value_in_hours integer,
    value_count integer,
    description text,
    is_active boolean not null
);

create table automation_executions (
    id uuid primary key,
    automation_id uuid,
    automation_name text,
    started_at timestamptz,
    completed_at timestamptz,
    duration_ms integer,
    status text,
    current_phase text,
    audience_size integer,
    pushes_sent integer,
    pushes_failed integer,
    error_message text,
    error_stack text,
    instance_id text,
    execution_mode text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
