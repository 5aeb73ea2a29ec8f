{#
    No row says otherwise, as in dbt_utils: a null passes. Where it must not, the expression
    says so: (a = b) is true.
#}
{% test expression_is_true(model, expression, column_name=none) %}

select *
from {{ model }}
where not ({{ column_name or '' }} {{ expression }})

{% endtest %}
