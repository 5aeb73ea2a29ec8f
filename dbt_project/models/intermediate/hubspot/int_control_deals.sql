with

orders as (
    select * from {{ ref('stg_shopify__orders') }}
),

checkouts as (
    select * from {{ ref('stg_shopify__abandoned_checkouts') }}
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
        shop,
        'orders' as source,
        order_id as record_id,

        ----------  facts
        {% if var('include_test_orders') -%}
        cast(null as varchar) as left_out,
        {%- else -%}
        case when is_test then 'test orders' end as left_out,
        {%- endif %}
        currency,
        current_total as amount
    from orders
    where deleted_at is null
    union all
    select
        checkouts.shop,
        'abandoned checkouts' as source,
        checkouts.checkout_id as record_id,
        case
            when ordered.checkout_id is not null then 'checkouts that became orders'
            when checkouts.completed_at is not null
                then 'checkouts completed without a known order'
        end as left_out,
        checkouts.currency,
        checkouts.total_price as amount
    from checkouts
    left join ordered
        on
            checkouts.shop = ordered.shop
            and checkouts.checkout_id = ordered.checkout_id
)

select * from records
