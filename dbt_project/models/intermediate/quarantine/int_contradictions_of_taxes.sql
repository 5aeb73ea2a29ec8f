-- The taxes of all sales add up to the current tax.
with

orders as (
    select * from {{ ref('orders') }}
    {% if var('cancelled_orders') == 'excluded' %}
    where not is_cancelled
    {% endif %}
),

sales as (
    select
        shop,
        order_id,
        sum(tax_amount) as taxed
    from {{ ref('sales') }}
    group by shop, order_id
),

compared as (
    select
        shop,
        order_id,
        coalesce(sales.taxed, 0) as taxed,
        coalesce(orders.current_taxes, 0) as said
    from orders
    left join sales using (shop, order_id)
    where coalesce(orders.current_taxes, 0) <> coalesce(sales.taxed, 0)
),

contradictions as (
    select
        shop,
        order_id,
        'the taxes of its sales sum to ' || {{ money_text('taxed') }}
        || ', Shopify''s current tax says ' || {{ money_text('said') }} as detail
    from compared
)

select * from contradictions
