with

orders_gone as (
    select * from {{ ref('int_orders_gone') }}
),

order_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

checkout_keys as (
    select * from {{ ref('int_deal_keys_of_checkouts') }}
),

-- what has become of a checkout whose order is quarantined is told when the order can be sent
quarantined as (
    select * from {{ ref('int_quarantined_parents') }}
    where resource = 'abandoned_checkout_line_items'
),

checkouts as (
    select checkouts.*
    from {{ ref('checkouts') }} as checkouts
    left join quarantined
        on
            checkouts.shop = quarantined.shop
            and checkouts.checkout_id = quarantined.parent_id
    where
        quarantined.parent_id is null
        and not checkouts.is_open
        and (
            checkouts.order_id is not null
            or {{ hours_later('checkouts.completed_at', hours_for_the_order()) }}
            <= {{ cartwheel_now() }}
        )
),

deals as (
    select * from {{ ref('int_deals') }}
),

of_orders as (
    select
        order_keys.deal_key,
        orders_gone.reason,
        orders_gone.deleted_at
    from orders_gone
    inner join order_keys
        on
            orders_gone.shop = order_keys.shop
            and orders_gone.order_id = order_keys.order_id
),

of_checkouts as (
    select
        checkout_keys.deal_key,
        case
            when checkouts.order_id is null then 'completed without an order'
            else 'replaced by the order'
        end as reason,
        checkouts.completed_at as deleted_at
    from checkouts
    inner join checkout_keys
        on
            checkouts.shop = checkout_keys.shop
            and checkouts.checkout_id = checkout_keys.checkout_id
    left join of_orders on checkout_keys.deal_key = of_orders.deal_key
    where of_orders.deal_key is null
),

gone as (
    select * from of_orders
    union all
    select * from of_checkouts
),

tombstones as (
    select
        ----------  ids
        gone.deal_key,

        ----------  facts
        gone.reason,
        gone.deleted_at
    from gone
    left join deals on gone.deal_key = deals.deal_key
    where deals.deal_key is null
)

select * from tombstones
