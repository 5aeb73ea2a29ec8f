{# The most characters that a HubSpot text property takes (docs/reference/hubspot.md#values). #}
{% macro property_limit() %}{{ return(65536) }}{% endmacro %}
