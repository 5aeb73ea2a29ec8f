with

orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

order_lines as (
    select * from {{ ref('stg_shopify__order_line_items') }}
),

tips as (
    {% for sales in ['stg_shopify__sales', 'int_sales_derived'] %}
    select
        shop,
        order_line_id
    from {{ ref(sales) }}
    where line_type = 'TIP' and order_line_id is not null
    {% if not loop.last %}union{% endif %}
    {% endfor %}
),

checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

checkout_lines as (
    select * from {{ ref('stg_shopify__abandoned_checkout_line_items') }}
),

lines as (
    select
        ----------  ids
        order_lines.shop,
        'line:' || order_lines.order_line_id as source_id,

        ----------  its deal
        orders.order_name as deal_name
    from order_lines
    inner join orders
        on
            order_lines.shop = orders.shop
            and order_lines.order_id = orders.order_id
    left join tips
        on
            order_lines.shop = tips.shop
            and order_lines.order_line_id = tips.order_line_id
    -- a line without units is not a line item, one whose units cannot be read may be
    where coalesce(order_lines.current_quantity, 1) > 0 and tips.order_line_id is null
    union all
    select
        checkout_lines.shop,
        'checkout-line:' || checkout_lines.checkout_line_id as source_id,
        checkouts.checkout_name as deal_name
    from checkout_lines
    inner join checkouts
        on
            checkout_lines.shop = checkouts.shop
            and checkout_lines.checkout_id = checkouts.checkout_id
    where coalesce(checkout_lines.quantity, 1) > 0
)

select * from lines
