with

lines as (
    select * from {{ ref('int_quarantined_lines') }}
),

quarantined as (
    select
        ----------  ids
        shop,
        shop || '/' || source_id as key,
        replace(source_id, ':', ' ') || ' of ' || deal_name as record,
        source_id,

        ----------  why
        'of a quarantined deal' as reason,
        'its deal ' || deal_name || ' is quarantined' as detail,
        -- the deal is what is wrong, and is told
        true as is_ordinary
    from lines
)

select * from quarantined
