-- Only identities and sessions may be read; the other tables hold secrets.
create table identities (
    id uuid primary key,
    traits jsonb not null,
    state text not null,
    created_at timestamptz not null
);

create table identity_credentials (
    id uuid primary key,
    identity_id uuid not null,
    config jsonb not null,
    created_at timestamptz not null
);

create table identity_verifiable_addresses (
    id uuid primary key,
    identity_id uuid not null,
    value text not null,
    verified boolean not null
);

create table sessions (
    id uuid primary key,
    identity_id uuid not null,
    active boolean,
    authenticated_at timestamptz,
    issued_at timestamptz,
    expires_at timestamptz,
    logged_out_at timestamptz,
    aal text,
    token text,
    ip_address text,
    user_agent text
);
