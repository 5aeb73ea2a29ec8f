with

contacts as (
    select * from {{ ref('int_control_contacts') }}
),

deals as (
    select * from {{ ref('int_control_deals') }}
),

products as (
    select * from {{ ref('int_control_products') }}
),

line_items as (
    select * from {{ ref('int_control_line_items') }}
),

records as (
    {% for object in ['contacts', 'deals', 'products', 'line_items'] %}
    select
        '{{ object }}' as object,
        source,
        left_out,
        {% if object == 'deals' -%}
        currency,
        coalesce(amount, 0) as amount
        {%- else -%}
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount
        {%- endif %}
    from {{ object }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

entries as (
    select
        object,
        currency,
        source as entry,
        1 as records,
        amount
    from records
    union all
    select
        object,
        currency,
        left_out as entry,
        -1 as records,
        -amount as amount
    from records
    where left_out is not null
),

totals as (
    select
        ----------  ids
        object,
        currency,
        entry,

        ----------  facts
        cast(sum(records) as bigint) as records,
        cast(sum(amount) as decimal(18, 4)) as amount
    from entries
    group by object, currency, entry
)

select * from totals
