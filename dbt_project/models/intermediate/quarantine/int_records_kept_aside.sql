{{ config(materialized='changed_rows') }}

{#- kind -> where it landed, where it is quarantined, and its id -#}
{%- set records = {
    'order': ('stg_shopify__orders', 'int_quarantined_orders', 'order_id'),
    'checkout': (
        'stg_shopify__abandoned_checkouts', 'int_quarantined_checkouts', 'checkout_id'
    ),
    'customer': ('stg_shopify__customers', 'int_quarantined_customers', 'customer_id'),
} %}

with

unreadable as (
    select * from {{ ref('stg_ops__unreadable_records') }}
),

-- the version that landed before stays, and may be quarantined itself
landed as (
    {% for kind, (model, _, id) in records.items() %}
    select
        shop,
        '{{ kind }}:' || {{ id }} as source_id
    from {{ ref(model) }}
    union all
    {% endfor %}
    select
        shop,
        'product:' || product_id as source_id
    from {{ ref('stg_shopify__products') }}
),

quarantined as (
    {% for kind, (_, model, id) in records.items() %}
    select
        shop,
        '{{ kind }}:' || {{ id }} as source_id
    from {{ ref(model) }}
    union all
    {% endfor %}
    -- of a product or of a variant
    select
        shop,
        source_id
    from {{ ref('int_quarantined_products') }}
),

kept_aside as (
    select
        ----------  ids
        unreadable.shop,
        unreadable.source_id,
        case unreadable.kind
            when 'customer' then 'contacts'
            when 'product' then 'products'
            else 'deals'
        end as object,

        ----------  facts
        unreadable.record,
        landed.source_id is not null as is_landed,

        ----------  why
        unreadable.reason,
        unreadable.detail
    from unreadable
    left join landed
        on
            unreadable.shop = landed.shop
            and unreadable.source_id = landed.source_id
    left join quarantined
        on
            unreadable.shop = quarantined.shop
            and unreadable.source_id = quarantined.source_id
    where unreadable.source_id is not null and quarantined.source_id is null
)

select * from kept_aside
