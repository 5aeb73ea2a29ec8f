{# Each row whose columns are all there has its row in another model, as a foreign key asks. #}
{% test foreign_key(model, to, columns, to_columns=none) %}

{%- set to_columns = to_columns or columns %}

select child.*
from {{ model }} as child
left join {{ to }} as parent
    on
        {% for column in columns %}
        child.{{ column }} = parent.{{ to_columns[loop.index0] }}
        {{ 'and' if not loop.last }}
        {% endfor %}
where
    parent.{{ to_columns[0] }} is null
    {% for column in columns %}
    and child.{{ column }} is not null
    {% endfor %}

{% endtest %}
