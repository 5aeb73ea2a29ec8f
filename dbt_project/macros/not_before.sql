{# A moment, or the earliest that it may be where it lies before that; null where there is none. #}
{% macro not_before(earliest, moment) -%}
    case when {{ moment }} is not null then greatest({{ earliest }}, {{ moment }}) end
{%- endmacro %}

{# The earlier of two moments, or the one that there is. #}
{% macro first_known(one, other) -%}
    least(coalesce({{ one }}, {{ other }}), coalesce({{ other }}, {{ one }}))
{%- endmacro %}
