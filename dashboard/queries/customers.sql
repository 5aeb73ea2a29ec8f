-- Distinct persons of each bucket, counted afresh per bucket and never summed from days.
-- A person with a first and a later order in it counts as new and as returning, but once
-- among the customers (docs/reference/metrics.md#new-and-returning). Each shop counts its own
-- persons. The day is that on which the order was processed: imported history is booked long
-- after it.
with

purchases as (
    select distinct
        shop,
        currency,
        person_key,
        order_date as day,
        is_first_order,
        is_returning
    from core.orders
    where person_key is not null and (is_first_order or is_returning)
)

select
    scopes.scope,
    days.period,
    days.grain,
    days.bucket,
    count(distinct (purchases.shop, purchases.person_key))
        filter (where purchases.is_first_order) as new_customers,
    count(distinct (purchases.shop, purchases.person_key))
        filter (where purchases.is_returning) as returning_customers,
    count(distinct (purchases.shop, purchases.person_key))
        filter (where purchases.person_key is not null) as customers
from days
cross join scopes
left join purchases
    on scopes.shop = purchases.shop
    and scopes.currency = purchases.currency
    and days.day = purchases.day
group by all
order by all
