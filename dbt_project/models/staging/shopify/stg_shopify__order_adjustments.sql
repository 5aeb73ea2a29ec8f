{%- set shape = {'reason': 'text', 'amountSet': 'money', 'taxAmountSet': 'amount'} -%}

with

order_adjustments as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'order_adjustments') }}
    where
        deleted_at is null
        and {{ is_unparsed('order_adjustments') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as order_adjustment_id,
        {{ gid_tail('parent_id') }} as refund_id,

        ----------  facts
        node.reason,

        ----------  money, in the shop's currency
        node.amountSet.shopMoney.currencyCode as currency,
        {{ to_money('node.amountSet.shopMoney.amount') }} as amount,
        {{ to_money('node.taxAmountSet.shopMoney.amount') }} as tax,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['amountSet.shopMoney.amount', 'taxAmountSet.shopMoney.amount'],
            'shop_money': ['amountSet', 'taxAmountSet'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from order_adjustments
)

select * from typed
