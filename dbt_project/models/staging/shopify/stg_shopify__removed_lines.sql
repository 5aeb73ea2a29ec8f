{{ config(materialized='changed_rows') }}

{%- set tables = ['order_line_items', 'abandoned_checkout_line_items'] -%}

with

{% for table in tables %}
{{ table }} as (
    select * from {{ source('raw', table) }}
    where deleted_at is not null
),
{% endfor %}

removed as (
    {% for table in tables %}
    select
        ----------  ids
        shop,
        '{{ table }}' as resource,
        {{ gid_tail('id') }} as line_id,
        {{ gid_tail('parent_id') }} as parent_id,

        ----------  timestamps
        deleted_at
    from {{ table }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from removed
