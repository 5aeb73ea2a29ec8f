-- What is to be deleted in HubSpot is not also to be there.
with

living as (
    select shopify_deal_key as living_key from {{ ref('deals') }}
    union all
    select shopify_product_key as living_key from {{ ref('hubspot_products') }}
    union all
    select shopify_line_item_key as living_key from {{ ref('line_items') }}
),

buried_alive as (
    select tombstones.*
    from {{ ref('tombstones') }} as tombstones
    inner join living on tombstones.key = living.living_key
)

select * from buried_alive
