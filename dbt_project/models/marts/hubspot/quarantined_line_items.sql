with

orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

order_lines as (
    select * from {{ ref('stg_shopify__order_line_items') }}
),

checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

checkout_lines as (
    select * from {{ ref('stg_shopify__abandoned_checkout_line_items') }}
),

lines as (
    select
        order_lines.shop,
        'line:' || order_lines.order_line_id as source_id,
        orders.order_name as deal_name
    from order_lines
    inner join orders
        on
            order_lines.shop = orders.shop
            and order_lines.order_id = orders.order_id
    -- a line without units is no line item, one whose units cannot be read may be
    where coalesce(order_lines.current_quantity, 1) > 0
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
),

quarantined as (
    select
        ----------  ids
        shop,
        shop || '/' || source_id as key,
        replace(source_id, ':', ' ') || ' of ' || deal_name as record,
        source_id,

        ----------  why
        'of a quarantined deal' as reason,
        'its deal ' || deal_name || ' is quarantined' as detail,
        -- the deal is what is wrong, and is told
        true as is_ordinary
    from lines
)

select * from quarantined
