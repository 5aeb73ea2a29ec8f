-- Checkouts that were left for as long as the abandonment delay, by the day they began.
with

left_behind as (
    select
        checkouts.shop,
        checkouts.currency,
        checkouts.created_date as day,
        count(*) as abandoned,
        sum(checkouts.total_price) as abandoned_value,
        count(*) filter (where checkouts.checkout_state = 'abandoned') as still_open,
        count(*) filter (where checkouts.checkout_state = 'recovered') as recovered,
        sum(coalesce(orders.order_total, checkouts.total_price))
            filter (where checkouts.checkout_state = 'recovered') as recovered_revenue
    from core.checkouts
    left join core.orders
        on checkouts.shop = orders.shop
        and checkouts.order_id = orders.order_id
    where checkouts.checkout_state in ('abandoned', 'recovered')
    group by all
)

select
    scopes.scope,
    days.period,
    days.grain,
    days.bucket,
    coalesce(sum(left_behind.still_open), 0) as still_open,
    coalesce(sum(left_behind.recovered), 0) as recovered,
    coalesce(sum(left_behind.abandoned), 0) as abandoned,
    coalesce(sum(left_behind.abandoned_value), 0) as abandoned_value,
    coalesce(sum(left_behind.recovered_revenue), 0) as recovered_revenue
from days
cross join scopes
left join left_behind
    on scopes.shop = left_behind.shop
    and scopes.currency = left_behind.currency
    and days.day = left_behind.day
group by all
order by all
