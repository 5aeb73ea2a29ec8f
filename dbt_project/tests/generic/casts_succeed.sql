{#
    No cast failed silently: where the JSON holds a value, the typed column holds one too.
    resource: the raw table; id: the column with its id; casts: typed column -> JSON path.
#}
{% test casts_succeed(model, resource, id, casts) %}

with

resources as (
    select
        shop as resource_shop,
        id as resource_id,
        {{ json_texts('payload', casts.values() | list) }} as found
    from {{ source('raw', resource) }}
),

typed as (
    select * from {{ model }}
),

joined as (
    select
        resources.resource_id,
        resources.found,
        typed.*
    from resources
    inner join typed
        on
            resources.resource_shop = typed.shop
            and {{ gid_tail('resources.resource_id') }} = typed.{{ id }}
),

lost as (
    select
        resource_id,
        found
    from joined
    where
        {% for column in casts %}
        ({{ list_element('found', loop.index) }} is not null and {{ column }} is null)
        {{ 'or' if not loop.last }}
        {% endfor %}
)

select * from lost

{% endtest %}
