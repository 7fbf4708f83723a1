{%- set cells = execute and not should_full_refresh() and adapter.get_relation(
    this.database, this.schema, 'int_push_matched_cells'
) -%}

with

inputs as (select * from {{ ref('int_push_campaign_inputs') }}),

-- what is there already, read by name: the cells are built from this model
built as (
    select distinct
        campaign_key,
        input_digest
    from {{ cells or ref('int_push_campaign_inputs') }}
    where {{ 'true' if cells else 'false' }}
),

final as (
    select
        inputs.campaign_key,
        inputs.input_digest
    from inputs
    left join built
        on
            inputs.campaign_key = built.campaign_key
            and inputs.input_digest = built.input_digest
    where built.campaign_key is null
)

select * from final
