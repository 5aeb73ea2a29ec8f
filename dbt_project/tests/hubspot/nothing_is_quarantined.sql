{{ config(severity='warn') }}

-- Nothing is quarantined but what people mistype. Which records are, and why, stands in
-- hubspot.quarantined_*, and is told at the end of the run.
with

quarantined as (
    {% for object in ['contacts', 'deals', 'products'] %}
    select
        '{{ object }}' as object,
        shop,
        source_id,
        detail
    from {{ ref('quarantined_' ~ object) }}
    where not is_ordinary
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from quarantined
