"""The real store's figures, recomputed from core.* under reference.json's own definitions.

Each entry is a query of one row or many; the tests compare its answer with the figure of
the same name. Money stays decimal. No mart bends to these definitions: orders include
cancelled ones, totals are as ordered, persons are customer records.
"""

from __future__ import annotations

ORDERS = """
with orders as (
    select
        *,
        timezone('Europe/London', timezone('UTC', processed_at)) as shop_time,
        strftime(order_date, '%Y-%m') as month
    from core.orders
),
customers as (
    select customer_id, count(*) as orders, sum(order_total) as total
    from orders where customer_id is not null group by all
),
placed_lines as (
    select order_id, count(*) as lines from core.order_lines group by all
),
sequenced as (
    select
        *,
        row_number() over by_customer as place,
        first_value(month) over by_customer as cohort,
        lag(shop_time) over by_customer as previous_time
    from orders where customer_id is not null
    window by_customer as (partition by customer_id order by processed_at, order_id)
),
returns as (
    select sales.*, orders.month as order_month, strftime(sales.sale_date, '%Y-%m') as month,
        sales.net_sales + sales.shipping as value
    from core.sales as sales join orders using (shop, order_id) where sales.event = 'return'
)
"""

OVERALL = {
    "orders": "select count(*) from orders",
    "customers": "select count(*) from customers",
    "guest_orders": "select count(*) from orders where customer_id is null",
    "line_items": "select count(*) from core.order_lines",
    "shipping_lines": """select count(distinct order_id) from core.sales
        where line_type = 'shipping' and event = 'order'""",
    "units": "select sum(quantity) from core.order_lines",
    "gross_items_gbp": """select sum(gross_sales + gift_card_sales) from core.sales
        where event = 'order'""",
    "shipping_gbp": "select sum(shipping) from core.sales where event = 'order'",
    "total_sales_gbp": "select sum(order_total) from orders",
    "gift_card_sales_gbp": "select sum(gift_card_sales) from core.sales",
    "gift_card_lines": "select count(*) from core.order_lines where is_gift_card",
    "aov_total_gbp": "select round(sum(order_total) / count(*), 2) from orders",
    "aov_customers_only_gbp": "select round(sum(total) / sum(orders), 4) from customers",
    "refunds_items_gbp": """select -sum(value) from returns where line_type = 'product'""",
    "refunds_shipping_gbp": "select -sum(value) from returns where line_type = 'shipping'",
    "refunds_adjustments_gbp": "select -sum(value) from returns where line_type = 'adjustment'",
    "refunds_total_gbp": "select -sum(value) from returns",
    "net_total_gbp": "select sum(all_sales) from core.sales",
    "refunded_units": "select -sum(quantity) from returns where line_type = 'product'",
    "refund_objects": "select count(distinct (order_id, happened_at)) from returns",
    "orders_with_any_refund": "select count(distinct order_id) from returns",
    "orders_fully_refunded_by_value": """select count(*) from orders
        where total_refunded >= order_total""",
    "cancelled_orders": "select count(*) from orders where cancelled_at is not null",
    "zero_total_orders": "select count(*) from orders where order_total = 0",
    "distinct_skus_exact": "select count(distinct sku) from core.order_lines",
    "distinct_skus_casefold": "select count(distinct lower(sku)) from core.order_lines",
    "merch_skus_exact": """select count(distinct sku) from core.order_lines
        where product_id is not null""",
    "max_lines_in_order": "select max(lines) from placed_lines",
    "orders_over_100_lines": "select count(*) from placed_lines where lines > 100",
    "orders_over_250_lines": "select count(*) from placed_lines where lines > 250",
    "first_order": "select strftime(min(shop_time), '%Y-%m-%d %H:%M:%S') from orders",
    "last_order": "select strftime(max(shop_time), '%Y-%m-%d %H:%M:%S') from orders",
}

CUSTOMERS = {
    "with_2plus_orders": "select count(*) from customers where orders >= 2",
    "repeat_rate": """select round(count(*) filter (orders >= 2)::decimal(18, 6)
        / count(*), 6) from customers""",
    "orders_per_customer_mean": "select round(sum(orders) / count(*), 6) from customers",
    "orders_per_customer_median": "select median(orders) from customers",
    "orders_per_customer_max": "select max(orders) from customers",
    "days_between_orders_mean": """select round(avg(epoch(shop_time - previous_time)) / 86400,
        4) from sequenced where previous_time is not null""",
    "days_between_orders_median": """select round(median(epoch(shop_time - previous_time))
        / 86400, 4) from sequenced where previous_time is not null""",
    "customers_with_two_countries": """select count(*) from (select customer_id from orders
        where customer_id is not null group by all
        having count(distinct shipping_country) > 1)""",
    "returning_order_share": """select round(count(*) filter (place > 1)::decimal(18, 6)
        / count(*), 6) from sequenced""",
    "top_decile_share_of_customer_sales": """select round(sum(total)
        filter (place <= (select ceil(count(*) / 10) from customers)) / sum(total), 6)
        from (select total, row_number() over (order by total desc) as place
              from customers)""",
}

HISTOGRAM = """select if(orders > 10, '11+', orders::varchar), count(*)
    from customers group by all"""

TOP_CUSTOMERS = """select (customer_id::bigint - 7000000000000) as customer, total
    from customers order by total desc limit 10"""

MONTHLY = """
, sold as (
    select orders.month, sum(sales.gross_sales + sales.gift_card_sales) as gross_items,
        sum(sales.shipping) as shipping
    from core.sales as sales join orders using (shop, order_id)
    where sales.event = 'order' group by all
),
units as (
    select orders.month, sum(lines.quantity) as units
    from core.order_lines as lines join orders using (shop, order_id) group by all
),
refunded as (select month, -sum(value) as refunds_by_refund_month from returns group by all),
refunded_of as (
    select order_month as month, -sum(value) as refunds_by_order_month from returns group by all
),
of_customers as (
    select month, count(*) filter (place = 1) as first_orders,
        count(*) filter (place > 1) as returning_orders,
        count(distinct customer_id) as active_customers
    from sequenced group by all
),
placed as (
    select month, count(*) as orders, sum(order_total) as total,
        count(*) filter (customer_id is null) as guest_orders
    from orders group by all
)
select month, orders, gross_items, shipping, total, units, refunds_by_refund_month,
    refunds_by_order_month, guest_orders, first_orders, returning_orders, active_customers
from placed join sold using (month) join units using (month) join refunded using (month)
join refunded_of using (month) join of_customers using (month)
"""

WEEKDAYS = "select dayname(order_date), count(*) from orders group by all"
HOURS = "select hour(shop_time)::varchar, count(*) from orders group by all"
COUNTRIES = """select coalesce(shipping_country, 'Unspecified'), count(*) as orders,
    count(distinct customer_id) as customers, sum(order_total) as total
    from orders group by all"""

COHORTS = """select cohort, datediff('month', (cohort || '-01')::date, (month || '-01')::date)
    as age, count(distinct customer_id) as customers, count(*) as orders,
    sum(order_total) as total from sequenced group by all"""

PRODUCTS = """
, lines as (
    select order_id, order_line_id, sku, title, quantity, line_price
    from core.order_lines where product_id is not null
),
sold as (
    select sku, sum(line_price) as revenue, sum(quantity) as units,
        count(distinct order_id) as orders, mode(title) as title
    from lines group by all
),
given_back as (
    select lines.sku, sum(-returns.value) as refunded, sum(-returns.quantity) as units
    from returns join lines using (order_line_id) group by all
)
select sold.sku, sold.revenue, sold.units, sold.orders,
    coalesce(given_back.refunded, 0) as refunded,
    sold.revenue - coalesce(given_back.refunded, 0) as net_revenue,
    sold.units - coalesce(given_back.units, 0) as net_units
from sold left join given_back using (sku)
"""

PAIRS = """
, baskets as (
    select distinct order_id, sku from core.order_lines where product_id is not null
)
select one.sku as a, other.sku as b, count(*) as orders
from baskets as one join baskets as other
    on one.order_id = other.order_id and one.sku < other.sku
group by all having count(*) >= 50
"""
