-- The sales of the order agreement add up to the total as ordered. Where an order was edited and
-- its sales are derived, nobody knows what the order agreement said.
with

orders as (
    select * from {{ ref('orders') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where not is_cancelled
    {% endif %}
),

without_agreements as (
    select * from {{ ref('int_orders_without_agreements') }}
),

sales as (
    select
        shop,
        order_id,
        sum(total_amount) as sold
    from {{ ref('sales') }}
    where event = 'order'
    group by shop, order_id
),

compared as (
    select
        shop,
        order_id,
        coalesce(sales.sold, 0) as sold,
        coalesce(orders.original_total, 0) as said
    from orders
    left join sales using (shop, order_id)
    left join without_agreements using (shop, order_id)
    where
        coalesce(orders.original_total, 0) <> coalesce(sales.sold, 0)
        and (without_agreements.order_id is null or not orders.edited)
),

contradictions as (
    select
        shop,
        order_id,
        'its sales as ordered sum to ' || {{ money_text('sold') }}
        || ', Shopify''s total as ordered says ' || {{ money_text('said') }} as detail
    from compared
)

select * from contradictions
