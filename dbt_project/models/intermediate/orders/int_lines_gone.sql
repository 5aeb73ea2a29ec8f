with

removed_lines as (
    select * from {{ ref('stg_shopify__removed_lines') }}
),

orders_gone as (
    select * from {{ ref('int_orders_gone') }}
),

lines as (
    select * from {{ ref('stg_shopify__order_line_items') }}
),

orders as (
    select * from {{ ref('orders') }}
),

order_lines as (
    select * from {{ ref('order_lines') }}
),

checkouts as (
    select * from {{ ref('checkouts') }}
),

checkout_lines as (
    select * from {{ ref('checkout_lines') }}
),

removed as (
    select
        ----------  ids
        shop,
        resource,
        parent_id,
        line_id,

        ----------  facts
        'line removed' as reason,
        deleted_at
    from removed_lines
),

of_orders_gone as (
    select
        lines.shop,
        'order_line_items' as resource,
        lines.order_id as parent_id,
        lines.order_line_id as line_id,
        orders_gone.reason,
        orders_gone.deleted_at
    from lines
    inner join orders_gone
        on
            lines.shop = orders_gone.shop
            and lines.order_id = orders_gone.order_id
),

no_line_items as (
    select
        order_lines.shop,
        'order_line_items' as resource,
        order_lines.order_id as parent_id,
        order_lines.order_line_id as line_id,
        case when order_lines.is_tip then 'tip' else 'quantity 0' end as reason,
        orders.updated_at as deleted_at
    from order_lines
    inner join orders
        on order_lines.shop = orders.shop and order_lines.order_id = orders.order_id
    where order_lines.current_quantity <= 0 or order_lines.is_tip
),

of_checkouts as (
    select
        checkout_lines.shop,
        'abandoned_checkout_line_items' as resource,
        checkout_lines.checkout_id as parent_id,
        checkout_lines.checkout_line_id as line_id,
        case
            when checkouts.is_open then 'quantity 0' else 'replaced by the order'
        end as reason,
        coalesce(checkouts.completed_at, checkouts.updated_at) as deleted_at
    from checkout_lines
    inner join checkouts
        on
            checkout_lines.shop = checkouts.shop
            and checkout_lines.checkout_id = checkouts.checkout_id
    where
        checkouts.order_id is not null
        or (checkouts.is_open and checkout_lines.quantity <= 0)
),

gone as (
    select * from removed
    union all
    select * from of_orders_gone
    union all
    select * from no_line_items
    union all
    select * from of_checkouts
)

select * from gone
