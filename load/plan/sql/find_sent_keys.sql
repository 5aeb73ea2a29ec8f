-- Deals of the models that HubSpot does not know by their key (load_unknown), and deals that
-- HubSpot has and the models lack: those of the same order or checkout are the same deal
-- (docs/reference/rules.md#the-key-of-a-deal).
insert into load_sent_keys
with

left_over as (
    select known.kept_at
    from load_acknowledged as known
    anti join hubspot.deals as deals on deals.shopify_deal_key = known.key
    anti join load_sent_keys as held on held.sent_key = known.key
    where known.object = 'deals' and known.status = 'living'
),

described as (
    select
        known.key,
        json_extract_string(known.properties, '$.shopify_store') as shop,
        json_extract_string(known.properties, '$.shopify_order_id') as order_id,
        json_extract_string(known.properties, '$.shopify_checkout_id') as checkout_id
    from load_acknowledged as known
    join left_over using (kept_at)
),

matches as (
    select unknown.key, described.key as sent_key, 1 as rank
    from load_unknown as unknown
    join described using (shop, order_id)
    union all
    select unknown.key, described.key as sent_key, 2 as rank
    from load_unknown as unknown
    join described using (shop, checkout_id)
),

of_the_unknown as (
    select * from matches
    qualify row_number() over (partition by key order by rank, sent_key) = 1
)

select key, sent_key
from of_the_unknown
qualify row_number() over (partition by sent_key order by rank, key) = 1
