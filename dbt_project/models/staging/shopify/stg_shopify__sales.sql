{%- set shape = {
    'actionType': 'text', 'lineType': 'text', 'quantity': 'text', 'lineItem': {'id': 'text'},
    'totalAmount': 'money', 'totalDiscountAmountBeforeTaxes': 'amount',
    'totalTaxAmount': 'amount',
} -%}

with

sales as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'sales') }}
    where
        deleted_at is null
        and {{ is_unparsed('sales') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as sale_id,
        {{ gid_type('parent_id') }} as agreement_type,
        {{ gid_tail('parent_id') }} as agreement_id,
        {{ gid_tail('node.lineItem.id') }} as order_line_id,

        ----------  facts
        node.actionType as action_type,
        node.lineType as line_type,
        {{ to_integer('node.quantity') }} as quantity,

        ----------  money, in the shop's currency; negative on a return
        node.totalAmount.shopMoney.currencyCode as currency,
        {{ to_money('node.totalAmount.shopMoney.amount') }} as total_amount,
        coalesce(
            {{ to_money('node.totalDiscountAmountBeforeTaxes.shopMoney.amount') }}, 0
        ) as discount_amount,
        coalesce({{ to_money('node.totalTaxAmount.shopMoney.amount') }}, 0) as tax_amount,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['totalAmount.shopMoney.currencyCode', 'totalAmount.shopMoney.amount'],
            'gid': ['lineItem.id'],
            'currency': ['totalAmount.shopMoney.currencyCode'],
            'integer': ['quantity'],
            'shop_money': ['totalAmount', 'totalDiscountAmountBeforeTaxes', 'totalTaxAmount'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from sales
)

select * from typed
