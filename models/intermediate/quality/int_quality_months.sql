with

experiences as (select * from {{ ref('stg_chemlink__experiences') }}),

educations as (select * from {{ ref('stg_chemlink__educations') }}),

as_of as (select * from {{ ref('int_as_of') }}),

texts as (
    select
        'chemlink.experiences.start_date' as subject,
        created_at,
        start_month as written_month
    from experiences
    where has_start

    union all

    select
        'chemlink.experiences.end_date' as subject,
        created_at,
        end_month as written_month
    from experiences
    where not is_current

    union all

    select
        'chemlink.education.start_date' as subject,
        created_at,
        start_month as written_month
    from educations
    where has_start

    union all

    select
        'chemlink.education.end_date' as subject,
        created_at,
        end_month as written_month
    from educations
    where not is_current
),

final as (
    select
        'month_texts' as check_name,
        texts.subject,

        count(*) filter (where texts.written_month is null) as numerator,
        count(*) as denominator
    from texts
    inner join as_of
        on texts.created_at <= as_of.as_of
    group by texts.subject
)

select * from final
