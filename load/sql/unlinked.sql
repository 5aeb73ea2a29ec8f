-- Line items whose product HubSpot does not have (any more), with the one they were linked with.
create or replace temp table load_unlinked as
with

lines as (
    select line.shopify_line_item_key as key
    from load_line_items as line
    anti join load_known as product
        on product.object = 'products' and product.key = line.shopify_product_key
),

known as (
    select known.kept_at
    from load_acknowledged as known
    semi join lines using (key)
    where known.object = 'line_items' and known.status = 'living'
)

select own.key, json_extract_string(own.properties, '$.hs_product_id') as product_id
from load_acknowledged as own
join known using (kept_at)
