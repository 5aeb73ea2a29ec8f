{{ config(materialized='view') }}

{%- set shape = {'subtotalAmountSet': 'money', 'taxAmountSet': 'money'} %}

with

refund_shipping_lines as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'refund_shipping_lines') }}
    where deleted_at is null
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
        {{ to_money('node.taxAmountSet.shopMoney.amount') }} as tax
    from refund_shipping_lines
)

select * from typed
