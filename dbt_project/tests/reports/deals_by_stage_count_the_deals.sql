-- Every order and every open checkout with a day is one deal of the report, in each grain.
with

deals as (
    select
        shop,
        amount
    from {{ ref('orders') }}
    where coalesce(placed_date, order_date) is not null
    union all
    select
        shop,
        total_price as amount
    from {{ ref('checkouts') }}
    where is_open and created_date is not null
),

wholes as (
    select
        shop,
        count(*) as deals,
        sum(amount) as amount
    from deals
    group by shop
),

parts as (
    select
        shop,
        grain,
        sum(deals) as deals,
        sum(amount) as amount
    from {{ ref('deals_by_stage') }}
    where grain <> 'period' or (period = 'all_time' and comparison = 'none')
    group by shop, grain
),

compared as (
    select wholes.shop
    from wholes
    left join parts on wholes.shop = parts.shop
    group by wholes.shop, wholes.deals, wholes.amount
    having
        count(parts.grain) <> 5
        or min(parts.deals) is distinct from wholes.deals
        or max(parts.deals) is distinct from wholes.deals
        or min(parts.amount) is distinct from wholes.amount
        or max(parts.amount) is distinct from wholes.amount
)

select * from compared
