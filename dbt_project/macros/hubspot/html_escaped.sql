{#
  Text as HTML text: every character that HTML gives a meaning becomes an
  entity, so that a product's title can never become a tag in an e-mail.
#}
{% macro html_escaped(text) -%}
replace(replace(replace(replace(replace(replace(replace(
    {{ text }},
    '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;'),
    '{', '&#123;'), '}', '&#125;'
)
{%- endmacro %}
