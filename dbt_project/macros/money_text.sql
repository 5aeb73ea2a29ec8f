{# Money as people read it: two decimals, or four where two would not be all. #}
{% macro money_text(money) -%}
    case
            when {{ money }} = cast({{ money }} as decimal(38, 2))
                then cast(cast({{ money }} as decimal(38, 2)) as string)
            else cast({{ money }} as string)
        end
{%- endmacro %}
