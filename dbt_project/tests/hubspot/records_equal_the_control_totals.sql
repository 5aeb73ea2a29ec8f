-- Per object and currency, hubspot.* holds as many records, and deals of the same amount,
-- as Shopify has less what is left out on purpose.
with

control_totals as (
    select * from {{ ref('control_totals') }}
),

compared as (
    select
        object,
        currency,
        records as expected_records,
        coalesce(amount, 0) as expected_amount,
        0 as records,
        0 as amount
    from control_totals
    union all
    {% for object in ['contacts', 'deals', 'hubspot_products', 'line_items'] %}
    select
        '{{ object | replace("hubspot_", "") }}' as object,
        {{ 'deal_currency_code' if object == 'deals' else 'cast(null as string)' }} as currency,
        0 as expected_records,
        0 as expected_amount,
        1 as records,
        {{ 'coalesce(amount, 0)' if object == 'deals' else '0' }} as amount
    from {{ ref(object) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

differing as (
    select
        object,
        currency,
        sum(expected_records) as expected_records,
        sum(records) as records,
        sum(expected_amount) as expected_amount,
        sum(amount) as amount
    from compared
    group by object, currency
    having sum(expected_records) <> sum(records) or sum(expected_amount) <> sum(amount)
)

select * from differing
