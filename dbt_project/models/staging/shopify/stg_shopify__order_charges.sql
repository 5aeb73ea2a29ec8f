{{ config(materialized='replaced_view') }}

{%- set shape = {
    'shippingLine': {'discountedPriceSet': 'amount'}, 'originalTotalDutiesSet': 'amount',
    'totalTipReceivedSet': 'amount', 'taxLines': [{'rate': 'text'}],
} %}

with

orders as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'orders') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as order_id,

        ----------  money, in the shop's currency
        {{ to_money('node.shippingLine.discountedPriceSet.shopMoney.amount') }}
            as shipping_price,
        {{ to_money('node.originalTotalDutiesSet.shopMoney.amount') }} as duties,
        {{ to_money('node.totalTipReceivedSet.shopMoney.amount') }} as tips,

        ----------  nested, opened by the model that needs it
        node.taxLines as tax_lines
    from orders
)

select * from typed
