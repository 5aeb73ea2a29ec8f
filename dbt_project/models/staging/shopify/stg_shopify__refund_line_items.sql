{%- set shape = {
    'quantity': 'text', 'restockType': 'text', 'restocked': 'text', 'lineItem': {'id': 'text'},
    'subtotalSet': 'money', 'totalTaxSet': 'amount',
} -%}

with

refund_line_items as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'refund_line_items') }}
    where
        deleted_at is null
        and {{ is_unparsed('refund_line_items') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as refund_line_id,
        {{ gid_tail('parent_id') }} as refund_id,
        {{ gid_tail('node.lineItem.id') }} as order_line_id,

        ----------  facts
        {{ to_integer('node.quantity') }} as quantity,
        node.restockType as restock_type,
        {{ to_boolean('node.restocked') }} as is_restocked,

        ----------  money, in the shop's currency
        node.subtotalSet.shopMoney.currencyCode as currency,
        {{ to_money('node.subtotalSet.shopMoney.amount') }} as subtotal,
        {{ to_money('node.totalTaxSet.shopMoney.amount') }} as tax,

        ----------  what cannot be read
        {{ unreadable({
            'required': [
                'quantity', 'subtotalSet.shopMoney.amount', 'totalTaxSet.shopMoney.amount',
            ],
            'gid': ['lineItem.id'],
            'integer': ['quantity'],
            'boolean': ['restocked'],
            'shop_money': ['subtotalSet', 'totalTaxSet'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from refund_line_items
)

select * from typed
