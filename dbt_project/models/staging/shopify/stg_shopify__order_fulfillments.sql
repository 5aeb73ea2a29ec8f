{{ config(materialized='view') }}

with

orders as (
    select
        shop,
        order_id,
        fulfillments
    from {{ ref('stg_shopify__orders') }}
),

exploded_fulfillments as (
    select
        orders.shop,
        orders.order_id,
        node
    from orders
    {{ explode('orders.fulfillments', 'node') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('node.id') }} as fulfillment_id,
        order_id,

        ----------  facts
        node.name as fulfillment_name,
        node.status,
        node.displayStatus as display_status,
        {{ to_integer('node.totalQuantity') }} as quantity,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.deliveredAt') }} as delivered_at
    from exploded_fulfillments
    where {{ to_id('node.id') }} is not null
)

select * from typed
