with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
),

quarantined_orders as (
    select * from {{ ref('int_quarantined_orders') }}
),

quarantined_checkouts as (
    select * from {{ ref('int_quarantined_checkouts') }}
),

kept_aside as (
    select * from {{ ref('int_records_kept_aside') }}
    where object = 'deals' and not is_landed
),

ordered as (
    select
        checkouts.shop,
        checkouts.checkout_id
    from checkouts
    inner join orders
        on
            checkouts.shop = orders.shop
            and checkouts.token = orders.checkout_token
    union
    select
        checkouts.shop,
        checkouts.checkout_id
    from checkouts
    inner join orders
        on
            checkouts.shop = orders.shop
            and checkouts.token = orders.cart_token
            and checkouts.created_at <= orders.created_at
),

records as (
    select
        ----------  ids
        orders.shop,
        'orders' as source,
        orders.order_id as record_id,

        ----------  facts
        case
            {% if not var('include_test_orders') -%}
            when orders.is_test then 'test orders'
            {%- endif %}
            when quarantined_orders.order_id is not null
                then 'quarantined orders: ' || quarantined_orders.reason
        end as left_out,
        orders.currency,
        orders.current_total as amount
    from orders
    left join quarantined_orders
        on
            orders.shop = quarantined_orders.shop
            and orders.order_id = quarantined_orders.order_id
    where orders.deleted_at is null
    union all
    select
        checkouts.shop,
        'abandoned checkouts' as source,
        checkouts.checkout_id as record_id,
        case
            when ordered.checkout_id is not null then 'checkouts that became orders'
            when checkouts.completed_at is not null
                then 'checkouts completed without a known order'
            when quarantined_checkouts.checkout_id is not null
                then 'quarantined checkouts: ' || quarantined_checkouts.reason
        end as left_out,
        checkouts.currency,
        checkouts.total_price as amount
    from checkouts
    left join ordered
        on
            checkouts.shop = ordered.shop
            and checkouts.checkout_id = ordered.checkout_id
    left join quarantined_checkouts
        on
            checkouts.shop = quarantined_checkouts.shop
            and checkouts.checkout_id = quarantined_checkouts.checkout_id
    union all
    select
        shop,
        'records that could not be landed' as source,
        source_id as record_id,
        'quarantined: ' || reason as left_out,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as amount
    from kept_aside
)

select * from records
