-- what is kept from run to run must be what a full refresh would make
with

cells as (
    select distinct
        campaign_key,
        input_digest
    from {{ ref('int_push_matched_cells') }}
),

inputs as (select * from {{ ref('int_push_campaign_inputs') }})

select
    cells.campaign_key,
    cells.input_digest,
    inputs.input_digest as input_digest_of_today
from cells
left join inputs
    on cells.campaign_key = inputs.campaign_key
where
    inputs.input_digest is null
    or cells.input_digest <> inputs.input_digest
