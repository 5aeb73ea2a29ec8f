{#
    A score of 1 to 5: 1 plus the fifth that a share of the others falls in, at most 5; if there
    are no others, a given score. Integers are divided once, so that a share of exactly two
    fifths is never slightly below it.
#}
{% macro fifth_of_others(part, others, alone) -%}
    cast(
        case
            when {{ others }} = 0 then {{ alone }}
            else least(floor(5 * {{ part }} / {{ others }}), 4) + 1
        end as bigint
    )
{%- endmacro %}
