{# The most characters that a HubSpot text property takes (reference/hubspot.md, 3.7). #}
{% macro property_limit() %}{{ return(65536) }}{% endmacro %}
