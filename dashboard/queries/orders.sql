-- Orders by the day they were placed, and what has become of them since.
with

placed as (
    select
        shop,
        currency,
        placed_date as day,
        count(*) as placed,
        count(*) filter (where deal_stage in ('processed', 'shipped')) as processed,
        count(*) filter (where is_cancelled) as cancelled
    from core.orders
    group by all
)

select
    scopes.scope,
    days.period,
    days.grain,
    days.bucket,
    coalesce(sum(placed.placed), 0) as placed,
    coalesce(sum(placed.processed), 0) as processed,
    coalesce(sum(placed.cancelled), 0) as cancelled
from days
cross join scopes
left join placed
    on scopes.shop = placed.shop
    and scopes.currency = placed.currency
    and days.day = placed.day
group by all
order by all
