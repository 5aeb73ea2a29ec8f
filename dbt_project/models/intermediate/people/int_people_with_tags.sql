with

records as (
    select
        person_key,
        tag_list
    from {{ ref('int_person_records') }}
),

exploded_tags as (
    select
        records.person_key,
        tag
    from records
    {{ explode('records.tag_list', 'tag') }}
),

joined as (
    select
        ----------  ids
        person_key,

        ----------  facts
        {{ joined_distinct('tag') }} as tags
    from exploded_tags
    group by person_key
)

select * from joined
