with

campaigns as (select * from {{ ref('int_campaigns_summarised') }}),

automations as (select * from {{ ref('stg_neon__automations') }}),

automation_pushes as (select * from {{ ref('stg_neon__automation_pushes') }}),

executions as (select * from {{ ref('stg_neon__automation_executions') }}),

parameters as (select * from {{ ref('push_parameters') }}),

as_of as (select * from {{ ref('int_as_of') }}),

-- a run that is not over yet does not say when it will be
runs as (
    select
        executions.*,
        case
            when executions.completed_at <= as_of.as_of
                then executions.completed_at
        end as known_completed_at
    from executions
    cross join as_of
),

-- those of the config as it was read last
pushes as (
    select automation_pushes.*
    from automation_pushes
    inner join automations
        on
            automation_pushes.automation_id = automations.automation_id
            and automation_pushes.file_hash = automations.file_hash
),

-- the campaign's title and, where both name one, its layer; and a live run that
-- it falls into
candidates as (
    select
        campaigns.campaign_key,
        runs.execution_id,
        runs.automation_id,
        runs.automation_name,
        runs.execution_mode,
        pushes.layer_id,
        row_number() over (
            partition by campaigns.campaign_key
            order by
                runs.started_at desc,
                runs.execution_id asc,
                pushes.push_position asc
        ) as match_rank
    from campaigns
    cross join parameters
    inner join pushes
        on
            campaigns.push_title = pushes.push_title
            and coalesce(campaigns.layer_id = pushes.layer_id, true)
    inner join runs
        on
            pushes.automation_id = runs.automation_id
            and campaigns.first_sent_at >= runs.started_at
            and campaigns.first_sent_at <= greatest(
                runs.known_completed_at,
                runs.started_at
                + parameters.campaign_gap_minutes * interval '1 minute'
            )
            and coalesce(runs.execution_mode, '') <> 'real-dry-run'
),

final as (
    select
        campaign_key,
        cast(execution_id as {{ type_text() }}) as execution_id,
        automation_id,

        automation_name,
        execution_mode,

        layer_id
    from candidates
    where match_rank = 1
)

select * from final
