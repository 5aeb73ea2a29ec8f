-- All sales add up to the current total and what refunds gave beyond or below.
with

orders as (
    select
        *,
        coalesce(refund_discrepancy, 0) as discrepancy
    from {{ ref('orders') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where not is_cancelled
    {% endif %}
),

sales as (
    select
        shop,
        order_id,
        sum(total_amount) as sold
    from {{ ref('sales') }}
    group by shop, order_id
),

compared as (
    select
        shop,
        order_id,
        coalesce(sales.sold, 0) as sold,
        coalesce(orders.current_total, 0) as said,
        orders.discrepancy
    from orders
    left join sales using (shop, order_id)
    where
        coalesce(orders.current_total, 0) + orders.discrepancy
        <> coalesce(sales.sold, 0)
),

contradictions as (
    select
        shop,
        order_id,
        'its sales sum to ' || {{ money_text('sold') }}
        || ', Shopify''s current total says ' || {{ money_text('said') }}
        || case
            when discrepancy <> 0
                then ' and its refund discrepancy ' || {{ money_text('discrepancy') }}
            else ''
        end as detail
    from compared
)

select * from contradictions
