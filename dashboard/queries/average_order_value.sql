-- (gross sales - discounts) of orders not cancelled, as ordered, divided by their number:
-- over the whole bucket, not a mean of daily means.
with

ordered as (
    select
        shop,
        currency,
        placed_date as day,
        count(*) as orders_not_cancelled,
        sum(ordered_gross_sales - ordered_discounts) as ordered_sales
    from core.orders
    where not is_cancelled
    group by all
)

select
    scopes.scope,
    days.period,
    days.grain,
    days.bucket,
    coalesce(sum(ordered.ordered_sales), 0) as ordered_sales,
    coalesce(sum(ordered.orders_not_cancelled), 0) as orders_not_cancelled
from days
cross join scopes
left join ordered
    on scopes.shop = ordered.shop
    and scopes.currency = ordered.currency
    and days.day = ordered.day
group by all
order by all
