-- Deals of the models that HubSpot does not know by their key, and deals that HubSpot has and
-- the models lack: of the same order, or of the same checkout, they are one (SPEC 10).
insert into load_held
with

known as (
    select * from load_acknowledged
    where object = 'deals'
),

unknown as (
    select
        deals.shopify_deal_key as key,
        deals.shopify_store as shop,
        deals.shopify_order_id as order_id,
        deals.shopify_checkout_id as checkout_id
    from hubspot.deals as deals
    anti join known on known.key = deals.shopify_deal_key
    anti join load_held as held on held.key = deals.shopify_deal_key
),

left_over as (
    select
        known.key,
        json_extract_string(known.properties, '$.shopify_store') as shop,
        json_extract_string(known.properties, '$.shopify_order_id') as order_id,
        json_extract_string(known.properties, '$.shopify_checkout_id') as checkout_id
    from known
    anti join hubspot.deals as deals on deals.shopify_deal_key = known.key
    anti join load_held as held on held.held_key = known.key
    where known.status = 'living'
),

matches as (
    select unknown.key, left_over.key as held_key, 1 as rank
    from unknown
    join left_over using (shop, order_id)
    union all
    select unknown.key, left_over.key as held_key, 2 as rank
    from unknown
    join left_over using (shop, checkout_id)
),

of_the_unknown as (
    select * from matches
    qualify row_number() over (partition by key order by rank, held_key) = 1
)

select key, held_key
from of_the_unknown
qualify row_number() over (partition by held_key order by rank, key) = 1
