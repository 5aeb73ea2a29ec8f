-- A deal has one line item per line of its order, or of its open checkout, whose
-- quantity is above 0 and that is not a tip, and each of them is associated with it.
with

expected as (
    select
        shop,
        'order ' || order_id as source,
        count(*) as lines
    from {{ ref('order_lines') }}
    where current_quantity > 0 and not is_tip
    group by shop, order_id
    union all
    select
        checkouts.shop,
        'checkout ' || checkouts.checkout_id as source,
        count(*) as lines
    from {{ ref('checkout_lines') }} as checkout_lines
    inner join {{ ref('checkouts') }} as checkouts
        on
            checkout_lines.shop = checkouts.shop
            and checkout_lines.checkout_id = checkouts.checkout_id
    where checkouts.is_open and checkout_lines.quantity > 0
    group by checkouts.shop, checkouts.checkout_id
),

line_items as (
    select
        shopify_deal_key,
        count(*) as lines
    from {{ ref('line_items') }}
    group by shopify_deal_key
),

links as (
    select
        to_key as deal_key,
        count(*) as lines
    from {{ ref('associations') }}
    where association_type = 'line_item_to_deal'
    group by to_key
),

compared as (
    select
        deals.shopify_deal_key,
        coalesce(expected.lines, 0) as expected_lines,
        coalesce(line_items.lines, 0) as lines,
        coalesce(links.lines, 0) as linked_lines
    from {{ ref('deals') }} as deals
    left join expected
        on
            deals.shopify_store = expected.shop
            and coalesce(
                'order ' || deals.shopify_order_id,
                'checkout ' || deals.shopify_checkout_id
            ) = expected.source
    left join line_items
        on deals.shopify_deal_key = line_items.shopify_deal_key
    left join links on deals.shopify_deal_key = links.deal_key
),

differing as (
    select * from compared
    where expected_lines <> lines or lines <> linked_lines
)

select * from differing
