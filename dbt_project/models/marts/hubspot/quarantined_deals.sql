with

orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

order_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

checkout_keys as (
    select * from {{ ref('int_deal_keys_of_checkouts') }}
),

kept_aside as (
    select * from {{ ref('int_records_kept_aside') }}
    where object = 'deals'
),

quarantined as (
    select
        ----------  ids
        orders.shop,
        order_keys.deal_key as key,
        orders.order_name as record,
        'order:' || orders.order_id as source_id,

        ----------  why
        orders.reason,
        orders.detail,
        false as is_ordinary
    from orders
    left join order_keys
        on
            orders.shop = order_keys.shop
            and orders.order_id = order_keys.order_id
    union all
    select
        checkouts.shop,
        checkout_keys.deal_key as key,
        checkouts.checkout_name as record,
        'checkout:' || checkouts.checkout_id as source_id,
        checkouts.reason,
        checkouts.detail,
        false as is_ordinary
    from checkouts
    left join checkout_keys
        on
            checkouts.shop = checkout_keys.shop
            and checkouts.checkout_id = checkout_keys.checkout_id
    union all
    select
        shop,
        cast(null as string) as key,
        record,
        source_id,
        reason,
        detail,
        false as is_ordinary
    from kept_aside
)

select * from quarantined
