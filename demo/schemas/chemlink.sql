-- query_votes has no deleted_at in this environment.
create table persons (
    id bigint primary key,
    person_id uuid not null unique,
    chemlink_id text,
    kratos_id text,
    hydra_id text,
    first_name text,
    middle_name text,
    last_name text,
    name text,
    email text,
    secondary_email text,
    mobile_number text,
    mobile_number_country_code text,
    linked_in_url text,
    profile_picture text,
    headline_description text,
    career_goals text,
    business_experience_summary text,
    location_id bigint,
    company_id bigint,
    role_id bigint,
    has_finder boolean,
    profile json,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table experiences (
    id bigint primary key,
    person_id bigint not null,
    company_id bigint,
    project_id bigint,
    role_id bigint,
    location_id bigint,
    description text,
    type text,
    start_date text,
    end_date text,
    city text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table education (
    id bigint primary key,
    person_id bigint not null,
    school_id bigint,
    degree_id bigint,
    field_of_study text,
    description text,
    start_date text,
    end_date text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table person_languages (
    id bigint primary key,
    person_id bigint not null,
    language_id bigint,
    proficiency text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table collections (
    id bigint primary key,
    person_id bigint not null,
    name text,
    description text,
    privacy text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table collection_profiles (
    id bigint primary key,
    collection_id bigint not null,
    person_id bigint not null,
    added_by bigint,
    rank integer,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table collection_collaborators (
    id bigint primary key,
    collection_id bigint not null,
    person_id bigint not null,
    added_by bigint,
    access_type text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table query_votes (
    id bigint primary key,
    type text not null,
    voter_id bigint not null,
    profile_id bigint,
    score double precision,
    search_key text,
    actual_query text,
    remarks text,
    created_at timestamptz not null,
    updated_at timestamptz
);

create table query_embeddings (
    id bigint primary key,
    intent text,
    embedded_text text,
    vector text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table embeddings (
    id bigint primary key,
    person_id bigint not null,
    type text,
    vector text,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table view_access (
    id bigint primary key,
    person_id bigint not null,
    type text,
    expiry timestamptz,
    metadata jsonb,
    created_at timestamptz not null,
    updated_at timestamptz,
    deleted_at timestamptz
);

create table companies (
    id bigint primary key,
    name text not null
);
create table projects (like companies including all);
create table schools (like companies including all);
create table degrees (like companies including all);
create table languages (like companies including all);
create table roles (
    id bigint primary key,
    title text not null
);
create table locations (
    id bigint primary key,
    country text
);

create table glossary (
    id bigint primary key,
    term text not null,
    meaning text,
    category text,
    description text,
    created_at timestamptz,
    updated_at timestamptz
);

create table audit_logs (
    id bigint primary key,
    user_id uuid,
    action text,
    entity_type text,
    entity_id bigint,
    old_values jsonb,
    new_values jsonb,
    created_at timestamptz not null
);
