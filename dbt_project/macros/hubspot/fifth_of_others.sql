{#
    A score of 1 to 5: 1 plus the fifth that a part of the others falls in, at most 5. Where
    there are no others, the score that one alone has. Integers are divided once, so that a
    part of exactly two fifths is never a hair below.
#}
{% macro fifth_of_others(part, others, alone) -%}
    cast(
        case
            when {{ others }} = 0 then {{ alone }}
            else least(floor(5 * {{ part }} / {{ others }}), 4) + 1
        end as bigint
    )
{%- endmacro %}
