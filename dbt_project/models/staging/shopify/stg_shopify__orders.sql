with

orders as (
    select
        *,
        {{ read_json('payload', order_shape()) }} as node
    from {{ source('raw', 'orders') }}
    where {{ is_unparsed('orders') }}
),

typed as (
    select
        ----------  ids
        shop,
        {{ gid_tail('id') }} as order_id,
        {{ gid_tail('node.customer.id') }} as customer_id,

        ----------  facts
        node.name as order_name,
        {{ to_integer('node.number') }} as order_number,
        node.email as email_found,
        node.note,
        {{ joined_list('node.tags') }} as tags,
        coalesce({{ to_boolean('node.test') }}, false) as is_test,
        coalesce({{ to_boolean('node.edited') }}, false) as edited,
        coalesce({{ to_boolean('node.fullyPaid') }}, false) as is_fully_paid,
        node.cancelReason as cancel_reason,
        node.displayFinancialStatus as financial_status,
        node.displayFulfillmentStatus as fulfillment_status,
        {{ to_boolean('node.customerAcceptsMarketing') }} as buyer_accepts_marketing,
        {{ to_boolean('node.taxesIncluded') }} as taxes_included,
        {{ to_integer('node.totalWeight') }} as total_weight,
        {{ joined_list('node.paymentGatewayNames') }} as payment_gateways,
        {{ joined_list('node.discountCodes') }} as discount_codes,
        node.sourceName as source_name,
        node.cartToken as cart_token,
        node.checkoutToken as checkout_token,
        {{ first_group('node.statusPageUrl', '/orders/([^/?#]+)') }} as status_token,

        ----------  money, in the shop's currency unless it says presentment
        node.currencyCode as currency,
        node.presentmentCurrencyCode as presentment_currency,
        {{ to_money('node.subtotalPriceSet.shopMoney.amount') }} as subtotal,
        {{ to_money('node.currentSubtotalPriceSet.shopMoney.amount') }} as current_subtotal,
        {{ to_money('node.totalPriceSet.shopMoney.amount') }} as order_total,
        {{ to_money('node.totalPriceSet.presentmentMoney.amount') }} as presentment_total,
        {{ to_money('node.originalTotalPriceSet.shopMoney.amount') }} as original_total,
        {{ to_money('node.currentTotalPriceSet.shopMoney.amount') }} as current_total,
        {{ to_money('node.refundDiscrepancySet.shopMoney.amount') }} as refund_discrepancy,
        {{ to_money('node.totalDiscountsSet.shopMoney.amount') }} as total_discounts,
        {{ to_money('node.totalTaxSet.shopMoney.amount') }} as total_tax,
        {{ to_money('node.currentTotalTaxSet.shopMoney.amount') }} as current_taxes,
        {{ to_money('node.totalShippingPriceSet.shopMoney.amount') }} as total_shipping,
        {{ to_money('node.currentShippingPriceSet.shopMoney.amount') }} as current_shipping,
        {{ to_money('node.totalRefundedSet.shopMoney.amount') }} as total_refunded,
        {{ to_money('node.totalReceivedSet.shopMoney.amount') }} as total_received,

        ----------  timestamps
        {{ to_timestamp('node.createdAt') }} as created_at,
        {{ to_timestamp('node.processedAt') }} as processed_at,
        {{ to_timestamp('node.updatedAt') }} as updated_at,
        {{ to_timestamp('node.closedAt') }} as closed_at,
        {{ to_timestamp('node.cancelledAt') }} as cancelled_at,
        deleted_at,

        ----------  nested, opened by the models that need them
        node.billingAddress as billing_address,
        node.shippingAddress as shipping_address,
        node.customerJourneySummary.firstVisit as first_visit,
        node.customerJourneySummary.lastVisit as last_visit,
        node.paymentGatewayNames as payment_gateway_list,
        node.transactions,

        ----------  what cannot be read
        {{ unreadable({
            'required': [
                'name', 'createdAt', 'processedAt', 'currentTotalPriceSet.shopMoney.amount',
                'currencyCode',
            ],
            'gid': ['customer.id'], 'money': ['totalPriceSet.presentmentMoney.amount'],
            'currency': ['currencyCode'], 'integer': ['number', 'totalWeight'],
            'boolean': ['test', 'edited', 'fullyPaid', 'customerAcceptsMarketing', 'taxesIncluded'],
            'shop_money': [
                'subtotalPriceSet', 'currentSubtotalPriceSet', 'totalPriceSet',
                'originalTotalPriceSet', 'currentTotalPriceSet', 'refundDiscrepancySet',
                'totalDiscountsSet', 'totalTaxSet', 'currentTotalTaxSet',
                'totalShippingPriceSet', 'currentShippingPriceSet', 'totalRefundedSet',
                'totalReceivedSet', 'shippingLine.discountedPriceSet',
                'originalTotalDutiesSet', 'totalTipReceivedSet',
            ],
            'timestamp': ['createdAt', 'processedAt', 'updatedAt', 'closedAt', 'cancelledAt'],
        }, {
            'taxLines': {'number': ['rate']},
            'transactions': {
                'required': ['id'], 'gid': ['id'], 'boolean': ['test'],
                'shop_money': ['amountSet'], 'timestamp': ['createdAt', 'processedAt'],
            },
            'fulfillments': {
                'required': ['id'], 'gid': ['id'], 'integer': ['totalQuantity'],
                'timestamp': ['createdAt', 'deliveredAt'],
            },
        }) }} as unreadable,

        ----------  version
        {{ version_of_row() }} as version
    from orders
)

select * from typed
