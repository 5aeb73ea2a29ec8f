{#
    What is read of an order (read_json). What it charges for beside its lines and taxes is read
    again by stg_shopify__order_charges where it is needed; here it is only judged.
#}
{% macro order_shape() -%}
    {%- set visit = {
        'landingPage': 'text', 'referrerUrl': 'text', 'source': 'text', 'sourceType': 'text',
        'utmParameters': {'source': 'text', 'medium': 'text', 'campaign': 'text'},
    } -%}
    {%- set transaction = {
        'id': 'text', 'kind': 'text', 'status': 'text', 'gateway': 'text', 'test': 'text',
        'createdAt': 'text', 'processedAt': 'text', 'amountSet': 'money',
    } -%}
    {%- set fulfillment = {
        'id': 'text', 'name': 'text', 'status': 'text', 'displayStatus': 'text',
        'createdAt': 'text', 'deliveredAt': 'text', 'totalQuantity': 'text',
    } -%}
    {%- set amount = {'amount': 'text'} -%}
    {{ return({
        'name': 'text', 'number': 'text', 'email': 'text', 'note': 'text', 'tags': ['text'],
        'customer': {'id': 'text'}, 'test': 'text', 'edited': 'text', 'fullyPaid': 'text',
        'cancelReason': 'text', 'currencyCode': 'text', 'presentmentCurrencyCode': 'text',
        'customerAcceptsMarketing': 'text', 'taxesIncluded': 'text', 'totalWeight': 'text',
        'displayFinancialStatus': 'text', 'displayFulfillmentStatus': 'text',
        'paymentGatewayNames': ['text'], 'discountCodes': ['text'], 'sourceName': 'text',
        'cartToken': 'text', 'checkoutToken': 'text', 'statusPageUrl': 'text', 'createdAt': 'text',
        'processedAt': 'text', 'updatedAt': 'text', 'closedAt': 'text', 'cancelledAt': 'text',
        'totalPriceSet': {'shopMoney': amount, 'presentmentMoney': amount},
        'subtotalPriceSet': 'amount', 'currentSubtotalPriceSet': 'amount',
        'originalTotalPriceSet': 'amount', 'currentTotalPriceSet': 'amount',
        'totalTaxSet': 'amount', 'currentTotalTaxSet': 'amount', 'totalDiscountsSet': 'amount',
        'totalShippingPriceSet': 'amount', 'currentShippingPriceSet': 'amount',
        'totalReceivedSet': 'amount', 'totalRefundedSet': 'amount',
        'refundDiscrepancySet': 'amount',
        'transactions': [transaction], 'fulfillments': [fulfillment],
        'billingAddress': address_shape(), 'shippingAddress': address_shape(),
        'customerJourneySummary': {'firstVisit': visit, 'lastVisit': visit},
        'shippingLine': {'discountedPriceSet': 'amount'}, 'originalTotalDutiesSet': 'amount',
        'totalTipReceivedSet': 'amount', 'taxLines': [{'rate': 'text'}],
    }) }}
{%- endmacro %}
