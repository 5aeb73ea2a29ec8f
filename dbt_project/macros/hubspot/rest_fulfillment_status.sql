{#
  Shopify's REST spelling of an order's fulfilment status, which HubSpot users know:
  fulfilled, partial, restocked (docs/reference/shopify.md#fields-without-a-twin), and, while
  nothing was fulfilled, for which REST has no word, unfulfilled. A status that is not
  known yet is passed through in lower case. Null where there is no order.
#}
{% macro rest_fulfillment_status(order_id, status) -%}
case
    when {{ order_id }} is null then null
    when {{ status }} = 'PARTIALLY_FULFILLED' then 'partial'
    when {{ status }} is null or {{ status }} in (
        'UNFULFILLED', 'OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS',
        'PENDING_FULFILLMENT', 'REQUEST_DECLINED', 'FULFILLMENT_NOT_REQUIRED'
    ) then 'unfulfilled'
    else lower({{ status }})
end
{%- endmacro %}
