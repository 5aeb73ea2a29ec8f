{{ config(materialized='changed_rows') }}

with

orders as (
    select
        shop,
        order_id,
        transactions
    from {{ ref('stg_shopify__orders') }}
),

exploded_transactions as (
    select
        shop,
        order_id,
        {{ exploded('transactions') }} as node
    from orders
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('node.id') }} as transaction_id,
        order_id,

        ----------  facts
        node.kind,
        node.status,
        node.gateway,
        coalesce({{ to_boolean('node.test') }}, false) as is_test,

        ----------  money
        {{ to_money('node.amountSet.shopMoney.amount') }} as amount,
        node.amountSet.shopMoney.currencyCode as currency,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.processedAt') }} as processed_at
    from exploded_transactions
    where {{ to_id('node.id') }} is not null
)

select * from typed
