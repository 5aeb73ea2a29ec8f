{%- set shape = {
    'note': 'text', 'createdAt': 'text', 'processedAt': 'text', 'updatedAt': 'text',
    'totalRefundedSet': 'money', 'duties': [{'amountSet': 'amount'}],
} -%}

with

refunds as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'refunds') }}
    where
        deleted_at is null
        and {{ is_unparsed('refunds') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as refund_id,
        {{ gid_tail('parent_id') }} as order_id,

        ----------  facts
        node.note,

        ----------  money, in the shop's currency
        node.totalRefundedSet.shopMoney.currencyCode as currency,
        {{ to_money('node.totalRefundedSet.shopMoney.amount') }} as total_refunded,
        {{ sum_over_list('node.duties', 'amountSet.shopMoney.amount') }} as refunded_duties,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.processedAt') }} as processed_at,
        {{ to_timestamp('node.updatedAt') }} as updated_at,

        ----------  what cannot be read
        {{ unreadable({
            'shop_money': ['totalRefundedSet'],
            'timestamp': ['createdAt', 'processedAt', 'updatedAt'],
        }, {
            'duties': {'shop_money': ['amountSet']},
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from refunds
)

select * from typed
