{%- set shape = {
    'kind': 'text', 'status': 'text', 'gateway': 'text', 'processedAt': 'text',
    'amountSet': 'money',
} -%}

with

refund_transactions as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'refund_transactions') }}
    where
        deleted_at is null
        and {{ is_unparsed('refund_transactions') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as transaction_id,
        {{ gid_tail('parent_id') }} as refund_id,

        ----------  facts
        node.kind,
        node.status,
        node.gateway,

        ----------  money, in the shop's currency
        node.amountSet.shopMoney.currencyCode as currency,
        {{ to_money('node.amountSet.shopMoney.amount') }} as amount,

        ----------  timestamps
        {{ to_timestamp('node.processedAt') }} as processed_at,

        ----------  what cannot be read
        {{ unreadable({
            'shop_money': ['amountSet'],
            'timestamp': ['processedAt'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from refund_transactions
)

select * from typed
