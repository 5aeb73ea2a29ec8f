with

sales as (
    select * from {{ ref('sales') }}
    where order_line_id is not null
),

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

totals as (
    select
        shop,
        order_id,
        order_line_id,
        max(case when line_type = 'tip' then 1 else 0 end) as tips,
        sum(total_amount) as total_amount,
        sum(tax_amount) as tax_amount
    from sales
    where line_type in ('product', 'gift_card', 'tip')
    group by shop, order_id, order_line_id
),

with_sales as (
    select
        ----------  ids
        totals.shop,
        totals.order_line_id,

        ----------  facts
        totals.tips = 1 as is_tip,

        ----------  money over all events, in the shop's currency
        totals.total_amount
        - case when orders.taxes_included then 0 else totals.tax_amount end as amount,
        totals.tax_amount as tax
    from totals
    inner join orders
        on
            totals.shop = orders.shop
            and totals.order_id = orders.order_id
)

select * from with_sales
