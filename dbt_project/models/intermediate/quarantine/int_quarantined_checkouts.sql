{{ config(materialized='changed_rows') }}

with

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

unreadable as (
    select * from {{ ref('int_checkouts_unreadable') }}
),

checkout_orders as (
    select * from {{ ref('int_checkouts_with_order') }}
),

faults as (
    select
        shop,
        checkout_id,
        1 as place,
        'a value that cannot be read' as reason,
        detail
    from unreadable
    union all
    select
        shop,
        checkout_id,
        2 as place,
        'an impossible date' as reason,
        detail
    from (
        {{ impossible_dates('checkouts', ['shop', 'checkout_id'], {
            'created_at': 'createdAt', 'updated_at': 'updatedAt',
            'completed_at': 'completedAt',
        }) }}
    )
),

ranked as (
    select
        *,
        row_number() over (partition by shop, checkout_id order by place, detail) as nth
    from faults
),

-- a completed one is not a deal of its own
quarantined as (
    select
        ----------  ids
        checkouts.shop,
        checkouts.checkout_id,
        coalesce(checkouts.checkout_name, 'checkout ' || checkouts.checkout_id)
            as checkout_name,

        ----------  why
        ranked.reason,
        ranked.detail
    from ranked
    inner join checkouts
        on
            ranked.shop = checkouts.shop
            and ranked.checkout_id = checkouts.checkout_id
    left join checkout_orders
        on
            checkouts.shop = checkout_orders.shop
            and checkouts.checkout_id = checkout_orders.checkout_id
    where
        ranked.nth = 1
        and checkouts.completed_at is null
        and checkout_orders.order_id is null
)

select * from quarantined
