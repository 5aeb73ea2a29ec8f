{{ config(materialized='changed_rows') }}

{%- set tables = ['customers', 'orders', 'abandoned_checkouts'] -%}

with

{% for table in tables %}
{{ table }} as (
    select * from {{ source('raw', table) }}
),

{{ table }}_history as (
    select * from {{ source('raw', table ~ '_history') }}
),
{% endfor %}

versions as (
    {% for table in tables %}
    select
        shop,
        '{{ table }}' as resource,
        id,
        landed_at
    from {{ table }}
    union all
    select
        shop,
        '{{ table }}' as resource,
        id,
        landed_at
    from {{ table }}_history
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

first_landings as (
    select
        ----------  ids
        shop,
        resource,
        {{ gid_tail('id') }} as record_id,

        ----------  timestamps
        min(landed_at) as first_landed_at
    from versions
    group by shop, resource, id
)

select * from first_landings
