{# A model's folder is its schema, without a prefix: marts/hubspot builds hubspot.*. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ (custom_schema_name or target.schema) | trim }}
{%- endmacro %}
