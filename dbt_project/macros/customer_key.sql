{# The key of a person who is known by a customer record alone; it holds no @, unlike an e-mail. #}
{% macro customer_key(shop, customer_id) -%}
    {{ shop }} || '/customer:' || {{ customer_id }}
{%- endmacro %}
