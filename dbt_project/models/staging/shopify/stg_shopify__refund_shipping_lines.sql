{%- set shape = {'subtotalAmountSet': 'money', 'taxAmountSet': 'amount'} -%}

with

refund_shipping_lines as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'refund_shipping_lines') }}
    where
        deleted_at is null
        and {{ is_unparsed('refund_shipping_lines') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as refund_shipping_line_id,
        {{ gid_tail('parent_id') }} as refund_id,

        ----------  money, in the shop's currency
        node.subtotalAmountSet.shopMoney.currencyCode as currency,
        {{ to_money('node.subtotalAmountSet.shopMoney.amount') }} as subtotal,
        {{ to_money('node.taxAmountSet.shopMoney.amount') }} as tax,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['subtotalAmountSet.shopMoney.amount', 'taxAmountSet.shopMoney.amount'],
            'shop_money': ['subtotalAmountSet', 'taxAmountSet'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from refund_shipping_lines
)

select * from typed
