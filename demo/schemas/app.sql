-- Soft delete: deleted_at is an integer, 0 for a live row, else a flag or an epoch.
create table users (
    id uuid primary key,
    created_at timestamptz not null,
    deleted_at integer not null default 0,
    is_trusted_trader boolean not null,
    completed_trades_count integer not null,
    closet_value numeric(12, 2),
    email text,
    first_name text,
    username text,
    phone_number text,
    birthday date
);

create table offers (
    id uuid primary key,
    creator_user_id uuid not null,
    receiver_user_id uuid not null,
    offer_status text not null,
    offer_type text not null,
    cash numeric(10, 2),
    is_offer_idea boolean not null,
    original_offer_id uuid,
    confirmed_trade_date timestamptz,
    created_at timestamptz not null,
    deleted_at integer not null default 0
);

create table trades (
    offer_id uuid not null unique,
    created_at timestamptz not null,
    confirmed_trade_date timestamptz,
    validation_passed_date timestamptz,
    state text not null,
    deleted_at integer not null default 0
);

create table inventory_items (
    id uuid primary key,
    user_id uuid not null,
    product_variant_id bigint not null,
    status text not null,
    previous_inventory_item_id uuid,
    created_at timestamptz not null,
    deleted_at integer not null default 0
);

create table wishlist_items (
    id uuid primary key,
    user_id uuid not null,
    product_variant_id bigint not null,
    created_at timestamptz not null,
    deleted_at integer not null default 0
);
