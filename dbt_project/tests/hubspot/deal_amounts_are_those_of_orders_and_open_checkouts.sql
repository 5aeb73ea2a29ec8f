-- Per shop, the number of deals and the sum of their amounts are those of the
-- orders and open checkouts that are not quarantined.
with

deals as (
    select
        shopify_store as shop,
        count(*) as deals,
        sum(amount) as amount
    from {{ ref('deals') }}
    group by shopify_store
),

quarantined as (
    select
        shop,
        'order:' || order_id as source_id
    from {{ ref('int_quarantined_orders') }}
    union all
    select
        shop,
        'checkout:' || checkout_id as source_id
    from {{ ref('int_quarantined_checkouts') }}
),

sources as (
    select
        shop,
        'order:' || order_id as source_id,
        amount
    from {{ ref('orders') }}
    union all
    select
        shop,
        'checkout:' || checkout_id as source_id,
        total_price as amount
    from {{ ref('checkouts') }}
    where is_open
),

expected as (
    select
        shop,
        count(*) as deals,
        sum(sources.amount) as amount
    from sources
    left join quarantined using (shop, source_id)
    where quarantined.source_id is null
    group by shop
),

differing as (
    select
        coalesce(deals.shop, expected.shop) as shop,
        deals.deals,
        expected.deals as expected_deals,
        deals.amount,
        expected.amount as expected_amount
    from deals
    full outer join expected on deals.shop = expected.shop
    where
        deals.deals is distinct from expected.deals
        or deals.amount is distinct from expected.amount
)

select * from differing
