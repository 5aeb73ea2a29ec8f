{%- set shape = {
    'name': 'text', 'title': 'text', 'variantTitle': 'text', 'sku': 'text', 'vendor': 'text',
    'quantity': 'text', 'currentQuantity': 'text', 'isGiftCard': 'text',
    'requiresShipping': 'text', 'product': {'id': 'text'}, 'variant': {'id': 'text'},
    'originalUnitPriceSet': 'money', 'discountedUnitPriceAfterAllDiscountsSet': 'amount',
    'originalTotalSet': 'amount', 'totalDiscountSet': 'amount',
    'discountAllocations': [{'allocatedAmountSet': 'amount'}],
    'taxLines': [{'rate': 'text', 'priceSet': 'amount'}],
} -%}

with

order_line_items as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'order_line_items') }}
    where
        deleted_at is null
        and {{ is_unparsed('order_line_items') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as order_line_id,
        {{ gid_tail('parent_id') }} as order_id,
        {{ gid_tail('node.product.id') }} as product_id,
        {{ gid_tail('node.variant.id') }} as variant_id,

        ----------  facts
        node.name,
        node.title,
        node.variantTitle as variant_title,
        node.sku,
        node.vendor,
        {{ to_integer('node.quantity') }} as quantity,
        {{ to_integer('node.currentQuantity') }} as current_quantity,
        coalesce({{ to_boolean('node.isGiftCard') }}, false) as is_gift_card,
        {{ to_boolean('node.requiresShipping') }} as requires_shipping,

        ----------  money, in the shop's currency
        node.originalUnitPriceSet.shopMoney.currencyCode as currency,
        {{ to_money('node.originalUnitPriceSet.shopMoney.amount') }} as unit_price,
        {{ to_money('node.discountedUnitPriceAfterAllDiscountsSet.shopMoney.amount') }}
            as discounted_unit_price,
        {{ to_money('node.originalTotalSet.shopMoney.amount') }} as line_price,
        {{ to_money('node.totalDiscountSet.shopMoney.amount') }} as own_discount,
        {{ sum_over_list(
            'node.discountAllocations', 'allocatedAmountSet.shopMoney.amount'
        ) }} as allocated_discount,
        {{ sum_over_list('node.taxLines', 'priceSet.shopMoney.amount') }} as line_tax,

        ----------  what cannot be read
        {{ unreadable({
            'required': [
                'name', 'quantity', 'currentQuantity', 'originalUnitPriceSet.shopMoney.amount',
                'originalTotalSet.shopMoney.amount',
            ],
            'gid': ['product.id', 'variant.id'],
            'currency': ['originalUnitPriceSet.shopMoney.currencyCode'],
            'integer': ['quantity', 'currentQuantity'],
            'boolean': ['isGiftCard', 'requiresShipping'],
            'shop_money': [
                'originalUnitPriceSet', 'discountedUnitPriceAfterAllDiscountsSet',
                'originalTotalSet', 'totalDiscountSet',
            ],
        }, {
            'discountAllocations': {'shop_money': ['allocatedAmountSet']},
            'taxLines': {'number': ['rate'], 'shop_money': ['priceSet']},
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from order_line_items
)

select * from typed
