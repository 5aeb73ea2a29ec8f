with

order_lines as (
    select * from {{ ref('order_lines') }}
    where not is_gift_card and not is_tip
),

orders as (
    select * from {{ ref('orders') }}
    where not is_cancelled
),

baskets as (
    select distinct
        order_lines.shop,
        order_lines.order_id,
        {{ product_line('order_lines') }} as product_line
    from order_lines
    inner join orders
        on
            order_lines.shop = orders.shop
            and order_lines.order_id = orders.order_id
)

select * from baskets
