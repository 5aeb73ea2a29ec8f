{{ config(materialized='table') }}

{#- in the order in which they are told -#}
{%- set identities = [
    'original_totals', 'current_totals', 'taxes', 'shipping', 'quantities', 'lines', 'refunds',
] %}

with

{% for identity in identities %}
{{ identity }} as (
    select * from {{ ref('int_contradictions_of_' ~ identity) }}
),

{% endfor %}
contradictions as (
    {% for identity in identities %}
    select
        *,
        {{ loop.index }} as place
    from {{ identity }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

-- of several lines or refunds one is told
first_of_each as (
    select
        shop,
        order_id,
        place,
        min(detail) as detail
    from contradictions
    group by shop, order_id, place
),

contradictory as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  why
        {{ dbt.listagg('detail', "'; '", 'order by place') }} as detail
    from first_of_each
    group by shop, order_id
)

select * from contradictory
