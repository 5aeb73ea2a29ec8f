{#
  Shopify's REST spelling of a fulfilment status, which HubSpot users know:
  fulfilled, partial, restocked, or nothing at all while nothing was fulfilled
  (reference/shopify.md, "Property -> field"). A status that is not known yet is
  passed through in lower case.
#}
{% macro rest_fulfillment_status(status) -%}
case
    when {{ status }} = 'PARTIALLY_FULFILLED' then 'partial'
    when {{ status }} in (
        'UNFULFILLED', 'OPEN', 'SCHEDULED', 'ON_HOLD', 'IN_PROGRESS',
        'PENDING_FULFILLMENT', 'REQUEST_DECLINED', 'FULFILLMENT_NOT_REQUIRED'
    ) then null
    else lower({{ status }})
end
{%- endmacro %}
