with

checkouts as (
    select
        *,
        {{ hours_later('created_at', var('abandonment_hours')) }} as abandonable_at
    from {{ ref('int_checkouts_readable') }}
),

checkout_orders as (
    select * from {{ ref('int_checkouts_with_order') }}
),

orders_in_scope as (
    select * from {{ ref('int_orders_in_scope') }}
),

completions as (
    select
        checkouts.shop,
        checkouts.checkout_id,
        checkouts.abandonable_at,
        orders_in_scope.order_id,
        coalesce(checkouts.completed_at, checkout_orders.ordered_at) as completed_at
    from checkouts
    left join checkout_orders
        on
            checkouts.shop = checkout_orders.shop
            and checkouts.checkout_id = checkout_orders.checkout_id
    left join orders_in_scope
        on
            checkout_orders.shop = orders_in_scope.shop
            and checkout_orders.order_id = orders_in_scope.order_id
),

judged as (
    select
        *,
        case
            when completed_at >= abandonable_at then 'recovered'
            when completed_at is not null then 'completed'
            when {{ cartwheel_now() }} >= abandonable_at then 'abandoned'
            else 'pending'
        end as checkout_state
    from completions
),

with_outcome as (
    select
        ----------  ids
        shop,
        checkout_id,
        order_id,

        ----------  facts
        checkout_state,
        checkout_state in ('pending', 'abandoned') as is_open,

        ----------  timestamps
        completed_at,
        case when checkout_state in ('abandoned', 'recovered') then abandonable_at end
            as abandoned_at
    from judged
)

select * from with_outcome
