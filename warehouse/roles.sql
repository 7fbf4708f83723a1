-- The roles of a warehouse on Postgres: `python -m warehouse.roles --apply` runs this as
-- the owner of the database, who may create roles. It can be run again at any time, on
-- an empty database and on a warehouse that another role made.

set local lock_timeout = '10s';  -- whoever waits for a lock makes readers wait

-- Groups, which own what their members make; nobody logs in as one of them.
do $$
declare
    role_name text;
    is_superuser constant boolean
    := (select rolsuper from pg_roles where rolname = current_user);
begin
    foreach role_name in array
        array['loader', 'transformer', 'publisher', 'bi_reader', 'training_reader']
    loop
        if to_regrole(role_name) is null then
            execute format('create role %I', role_name);
        end if;
        execute format(
            'grant connect on database %I to %I', current_database(), role_name
        );
    end loop;
    foreach role_name in array array['loader', 'transformer', 'publisher'] loop
        execute format(
            'grant create on database %I to %I', current_database(), role_name
        );
        if not is_superuser then  -- who has to hand objects over to them
            execute format('grant %I to %I', role_name, current_user);
        end if;
    end loop;
    execute format(
        'grant temporary on database %I to loader, transformer', current_database()
    );
    execute format('revoke all on database %I from public', current_database());
    if to_regnamespace('public') is not null then
        revoke all on schema public from public;
    end if;
end
$$;

-- The publisher makes analysts' views again, which belong to them.
grant bi_reader, training_reader to publisher;

-- Who owns what, whoever made it.
do $$
declare
    schema_name text;
    owner_name text;
    kind text;
    relation text;
begin
    for schema_name, owner_name in
        select name, owner
        from (values
            ('production', 'loader'),
            ('staging', 'transformer'),
            ('seeds', 'transformer'),
            ('history', 'transformer'),
            ('intermediate', 'transformer'),
            ('core', 'transformer'),
            ('aggregates', 'transformer'),
            ('ai', 'transformer'),
            ('lift', 'transformer'),
            ('insights', 'transformer'),
            ('writeback', 'publisher'),
            ('marts', 'publisher'),
            ('training', 'publisher')
        ) as made (name, owner)
        union
        select
            nspname,
            case when nspname like 'staging%' then 'loader' else 'publisher' end
        from pg_namespace
        where nspname ~ '^(staging_.+|(marts|training)_(next|[0-9]+))$'
    loop
        if to_regnamespace(schema_name) is null then
            execute format('create schema %I', schema_name);
        end if;
        if (
            select nspowner <> to_regrole(owner_name)
            from pg_namespace where nspname = schema_name
        ) then
            execute format('alter schema %I owner to %I', schema_name, owner_name);
        end if;
        execute format('revoke all on schema %I from public', schema_name);
        execute format('revoke all on all tables in schema %I from public', schema_name);
        for kind, relation in
            select
                case relkind
                    when 'v' then 'view'
                    when 'm' then 'materialized view'
                    when 'S' then 'sequence'
                    else 'table'
                end,
                relname
            from pg_class
            where relnamespace = to_regnamespace(schema_name)
                and relkind in ('r', 'p', 'v', 'm', 'S')
                and relowner <> to_regrole(owner_name)
                -- the sequence of a column goes with its table
                and not exists (
                    select 1 from pg_depend
                    where objid = pg_class.oid and relkind = 'S'
                        and deptype in ('a', 'i')
                )
        loop
            execute format(
                'alter %s %I.%I owner to %I', kind, schema_name, relation, owner_name
            );
        end loop;
        -- The transformer reads what was loaded, now and in tables to come.
        if schema_name like 'staging\_%' then
            execute format('grant usage on schema %I to transformer', schema_name);
            execute format(
                'grant select on all tables in schema %I to transformer', schema_name
            );
        end if;
    end loop;
end
$$;
alter default privileges for role loader grant usage on schemas to transformer;
alter default privileges for role loader grant select on tables to transformer;

-- What became of loads, models and tests; the first of them to run makes a table.
grant usage, create on schema production to transformer;
grant usage on schema production to publisher;
grant select, insert, update, delete on all tables in schema production
to loader, transformer;
grant select on all tables in schema production to publisher;
alter default privileges for role loader, transformer in schema production
grant select, insert, update, delete on tables to loader, transformer;
alter default privileges for role loader, transformer in schema production
grant select on tables to publisher;

-- The publisher reads what it publishes.
grant usage on schema core, aggregates, ai, seeds to publisher;
grant select on all tables in schema core, aggregates, ai, seeds to publisher;
alter default privileges for role transformer in schema core, aggregates, ai, seeds
grant select on tables to publisher;

-- Each reader reads one schema; the publish gives the next generation the same rights.
grant usage on schema marts to bi_reader;
grant select on all tables in schema marts to bi_reader;
alter default privileges for role publisher in schema marts
grant select on tables to bi_reader;
grant usage on schema training to training_reader;
grant select on all tables in schema training to training_reader;
alter default privileges for role publisher in schema training
grant select on tables to training_reader;

-- What a member does not inherit: a writer works as its group, which owns what it makes,
-- unless it is a member of several; a reader has an end to its queries.
do $$
declare
    member text;
    groups text[];
begin
    for member, groups in
        select member.rolname, array_agg(member_of.rolname::text)
        from pg_auth_members
        inner join pg_roles as member on member.oid = pg_auth_members.member
        inner join pg_roles as member_of on member_of.oid = pg_auth_members.roleid
        where member.rolcanlogin and not member.rolsuper and not member.rolcreaterole
            and member_of.rolname in (
                'loader', 'transformer', 'publisher', 'bi_reader', 'training_reader'
            )
        group by 1
    loop
        if groups <@ array['bi_reader', 'training_reader'] then
            execute format('alter role %I set statement_timeout = ''10min''', member);
            execute format('alter role %I set lock_timeout = ''10s''', member);
            execute format(
                'alter role %I set idle_in_transaction_session_timeout = ''1min''',
                member
            );
        elsif cardinality(groups) = 1 then
            execute format('alter role %I set role = %L', member, groups[1]);
        else
            if not (select rolsuper from pg_roles where rolname = current_user) then
                execute format('grant %I to %I', member, current_user);
            end if;
            -- such as the suppression list, which an erasure makes and loads read
            execute format(
                'alter default privileges for role %I in schema production '
                'grant select, insert, update, delete on tables '
                'to loader, transformer',
                member
            );
        end if;
    end loop;
end
$$;
