with

checkouts as (
    select
        *,
        {{ hours_later('created_at', var('abandonment_hours')) }} as abandonable_at
    from {{ ref('stg_shopify__abandoned_checkouts') }}
),

orders as (
    select * from {{ ref('stg_shopify__orders') }}
    where checkout_token is not null
),

orders_in_scope as (
    select * from {{ ref('int_orders_in_scope') }}
),

first_orders as (
    select
        shop,
        checkout_token,
        order_id,
        created_at as ordered_at,
        row_number() over (
            partition by shop, checkout_token
            order by processed_at, {{ id_order('order_id') }}
        ) as order_rank
    from orders
),

completions as (
    select
        checkouts.shop,
        checkouts.checkout_id,
        checkouts.abandonable_at,
        orders_in_scope.order_id,
        coalesce(checkouts.completed_at, first_orders.ordered_at) as completed_at
    from checkouts
    left join first_orders
        on
            checkouts.shop = first_orders.shop
            and checkouts.token = first_orders.checkout_token
            and first_orders.order_rank = 1
    left join orders_in_scope
        on
            first_orders.shop = orders_in_scope.shop
            and first_orders.order_id = orders_in_scope.order_id
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
