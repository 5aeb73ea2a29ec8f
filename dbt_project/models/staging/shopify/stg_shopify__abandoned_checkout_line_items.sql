{%- set shape = {
    'title': 'text', 'variantTitle': 'text', 'sku': 'text', 'quantity': 'text',
    'product': {'id': 'text'}, 'variant': {'id': 'text'}, 'originalUnitPriceSet': 'money',
    'discountedUnitPriceSet': 'amount', 'originalTotalPriceSet': 'amount',
    'discountedTotalPriceSet': 'amount', 'discountedTotalPriceWithCodeDiscount': 'amount',
} -%}

with

abandoned_checkout_line_items as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'abandoned_checkout_line_items') }}
    where
        deleted_at is null
        and {{ is_unparsed('abandoned_checkout_line_items') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as checkout_line_id,
        {{ gid_tail('parent_id') }} as checkout_id,
        {{ gid_tail('node.product.id') }} as product_id,
        {{ gid_tail('node.variant.id') }} as variant_id,

        ----------  facts
        node.title,
        node.variantTitle as variant_title,
        node.sku,
        {{ to_integer('node.quantity') }} as quantity,

        ----------  money, in the shop's currency
        node.originalUnitPriceSet.shopMoney.currencyCode as currency,
        {{ to_money('node.originalUnitPriceSet.shopMoney.amount') }} as unit_price,
        {{ to_money('node.discountedUnitPriceSet.shopMoney.amount') }}
            as discounted_unit_price,
        {{ to_money('node.originalTotalPriceSet.shopMoney.amount') }} as line_price,
        {{ to_money('node.discountedTotalPriceSet.shopMoney.amount') }}
            as discounted_price,
        {{ to_money('node.discountedTotalPriceWithCodeDiscount.shopMoney.amount') }}
            as discounted_price_with_code,

        ----------  what cannot be read
        {{ unreadable({
            'required': ['title', 'quantity', 'originalUnitPriceSet.shopMoney.amount'],
            'gid': ['product.id', 'variant.id'],
            'currency': ['originalUnitPriceSet.shopMoney.currencyCode'],
            'integer': ['quantity'],
            'shop_money': [
                'originalUnitPriceSet', 'discountedUnitPriceSet', 'originalTotalPriceSet',
                'discountedTotalPriceSet', 'discountedTotalPriceWithCodeDiscount',
            ],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from abandoned_checkout_line_items
)

select * from typed
