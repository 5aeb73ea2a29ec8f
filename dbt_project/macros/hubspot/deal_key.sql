{#
  The unique key of a deal (docs/reference/rules.md#the-key-of-a-deal):
  `<shop>/checkout:<token>` where the token is known, so that a recovered checkout and its order
  are one deal, else the given `<shop>/<own key>`.
#}
{% macro deal_key(shop, token, own_key) -%}
case
    when {{ token }} is not null then {{ shop }} || '/checkout:' || {{ token }}
    else {{ shop }} || '/' || {{ own_key }}
end
{%- endmacro %}
