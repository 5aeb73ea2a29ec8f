{%- set money = {'amount': 'text', 'currencyCode': 'text'} -%}
{%- set shape = {
    'name': 'text', 'note': 'text', 'abandonedCheckoutUrl': 'text', 'taxesIncluded': 'text',
    'createdAt': 'text', 'updatedAt': 'text', 'completedAt': 'text',
    'customer': {
        'id': 'text',
        'defaultEmailAddress': {'emailAddress': 'text', 'marketingState': 'text'},
        'defaultPhoneNumber': {'phoneNumber': 'text'},
    },
    'billingAddress': address_shape(), 'shippingAddress': address_shape(),
    'subtotalPriceSet': 'amount', 'totalDiscountSet': 'amount',
    'totalLineItemsPriceSet': 'amount', 'totalTaxSet': 'amount',
    'totalPriceSet': {'shopMoney': money, 'presentmentMoney': money},
} -%}

with

abandoned_checkouts as (
    select
        *,
        {{ read_json('payload', shape) }} as node
    from {{ source('raw', 'abandoned_checkouts') }}
    where {{ is_unparsed('abandoned_checkouts') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as checkout_id,
        {{ gid_tail('node.customer.id') }} as customer_id,
        {{ first_group(
            'node.abandonedCheckoutUrl', '/checkouts/(?:[a-z]{1,3}/)?([^/?#]+)'
        ) }} as token,

        ----------  facts
        node.name as checkout_name,
        node.note,
        node.abandonedCheckoutUrl as recovery_url,
        node.customer.defaultEmailAddress.emailAddress as email_found,
        node.customer.defaultEmailAddress.marketingState as marketing_state,
        node.customer.defaultPhoneNumber.phoneNumber as phone,
        {{ to_boolean('node.taxesIncluded') }} as taxes_included,

        ----------  money, in the shop's currency unless it says presentment
        node.totalPriceSet.shopMoney.currencyCode as currency,
        node.totalPriceSet.presentmentMoney.currencyCode as presentment_currency,
        {{ to_money('node.subtotalPriceSet.shopMoney.amount') }} as subtotal,
        {{ to_money('node.totalDiscountSet.shopMoney.amount') }} as total_discounts,
        {{ to_money('node.totalLineItemsPriceSet.shopMoney.amount') }}
            as total_line_items_price,
        {{ to_money('node.totalTaxSet.shopMoney.amount') }} as total_tax,
        {{ to_money('node.totalPriceSet.shopMoney.amount') }} as total_price,
        {{ to_money('node.totalPriceSet.presentmentMoney.amount') }} as presentment_total,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.updatedAt') }} as updated_at,
        {{ to_timestamp('node.completedAt') }} as completed_at,

        ----------  nested, opened by the models that need them
        node.billingAddress as billing_address,
        node.shippingAddress as shipping_address,

        ----------  what cannot be read
        {{ unreadable({
            'required': [
                'createdAt', 'totalPriceSet.shopMoney.currencyCode',
                'totalPriceSet.shopMoney.amount',
            ],
            'gid': ['customer.id'],
            'currency': ['totalPriceSet.shopMoney.currencyCode'],
            'boolean': ['taxesIncluded'],
            'shop_money': [
                'subtotalPriceSet', 'totalDiscountSet', 'totalLineItemsPriceSet',
                'totalTaxSet', 'totalPriceSet',
            ],
            'money': ['totalPriceSet.presentmentMoney.amount'],
            'timestamp': ['createdAt', 'updatedAt', 'completedAt'],
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from abandoned_checkouts
)

select * from typed
