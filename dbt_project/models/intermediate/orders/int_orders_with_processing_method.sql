with

orders as (
    select * from {{ ref('int_orders_in_scope') }}
),

transactions as (
    select * from {{ ref('stg_shopify__order_transactions') }}
    where
        status = 'SUCCESS'
        and kind in ('SALE', 'AUTHORIZATION', 'EMV_AUTHORIZATION', 'CAPTURE')
),

first_transactions as (
    select
        *,
        row_number() over (
            partition by shop, order_id
            order by processed_at, {{ id_order('transaction_id') }}
        ) as transaction_rank
    from transactions
),

with_method as (
    select
        ----------  ids
        orders.shop,
        orders.order_id,

        ----------  facts
        coalesce(
            first_transactions.gateway,
            {{ list_element('orders.payment_gateway_list', 1) }},
            orders.source_name
        ) as processing_method
    from orders
    left join first_transactions
        on
            orders.shop = first_transactions.shop
            and orders.order_id = first_transactions.order_id
            and first_transactions.transaction_rank = 1
)

select * from with_method
