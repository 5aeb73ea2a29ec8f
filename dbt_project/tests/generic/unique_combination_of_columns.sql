{#
    The columns together name one row, as in dbt_utils, where nulls are like any value. With
    not_null none of them is null either, so that they are a primary key.
#}
{% test unique_combination_of_columns(
    model, combination_of_columns, quote_columns=false, not_null=false
) %}

{%- set columns = [] %}
{%- for column in combination_of_columns %}
    {%- do columns.append(adapter.quote(column) if quote_columns else column) %}
{%- endfor %}

select
    {{ columns | join(', ') }},
    count(*) as rows_with_this_key
from {{ model }}
group by {{ columns | join(', ') }}
having
    count(*) > 1
    {%- if not_null %}
    {%- for column in columns %}
    or {{ column }} is null
    {%- endfor %}
    {%- endif %}

{% endtest %}
