-- The pipeline's deals: every order at its current total, every open checkout at its own.
with

stages as (
    select
        position as place,
        stage,
        label
    from seeds.deal_stages
),

deals as (
    select
        shop,
        currency,
        coalesce(placed_date, order_date) as day,
        deal_stage as stage,
        amount
    from core.orders
    union all
    select shop, currency, created_date, 'checkout_' || checkout_state, total_price
    from core.checkouts
    where is_open
),

staged as (
    select shop, currency, day, stage, count(*) as deals, sum(amount) as amount
    from deals
    group by all
)

select
    scopes.scope,
    periods.period,
    stages.place,
    stages.label,
    coalesce(sum(staged.deals), 0) as deals,
    coalesce(sum(staged.amount), 0) as amount
from stages
cross join periods
cross join scopes
left join staged
    on scopes.shop = staged.shop
    and scopes.currency = staged.currency
    and stages.stage = staged.stage
    and staged.day between periods.starts and periods.ends
group by all
order by all
