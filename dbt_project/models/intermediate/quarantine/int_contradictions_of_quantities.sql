-- Per order line, the quantities of its sales add up to its current quantity.
with

order_lines as (
    select * from {{ ref('order_lines') }}
),

sales as (
    select
        shop,
        order_line_id,
        sum(quantity) as quantity
    from {{ ref('sales') }}
    where line_type in ('product', 'gift_card')
    group by shop, order_line_id
),

compared as (
    select
        shop,
        order_lines.order_id,
        order_line_id,
        order_lines.current_quantity as said,
        sales.quantity as sold
    from order_lines
    inner join sales using (shop, order_line_id)
    where order_lines.current_quantity is distinct from sales.quantity
),

contradictions as (
    select
        shop,
        order_id,
        'the quantities of the sales of its line ' || order_line_id || ' sum to '
        || coalesce(cast(sold as varchar), 'nothing')
        || ', the line''s current quantity says '
        || coalesce(cast(said as varchar), 'nothing') as detail
    from compared
)

select * from contradictions
