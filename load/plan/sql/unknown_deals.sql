-- Deals of the models that HubSpot does not know by the key that they have today.
create or replace temp table load_unknown as
select
    deals.shopify_deal_key as key,
    deals.shopify_store as shop,
    deals.shopify_order_id as order_id,
    deals.shopify_checkout_id as checkout_id
from hubspot.deals as deals
anti join (
    select key from load_acknowledged where object = 'deals'
) as known on known.key = deals.shopify_deal_key
anti join load_sent_keys as held on held.key = deals.shopify_deal_key
