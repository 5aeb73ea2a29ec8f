{# The day in a shop's IANA time zone on which a UTC timestamp falls. #}
{% macro to_shop_date(moment, time_zone) -%}
    {{ return(adapter.dispatch('to_shop_date', 'cartwheel')(moment, time_zone)) }}
{%- endmacro %}

{% macro duckdb__to_shop_date(moment, time_zone) -%}
    cast(timezone({{ time_zone }}, timezone('UTC', {{ moment }})) as date)
{%- endmacro %}

{% macro spark__to_shop_date(moment, time_zone) -%}
    cast(from_utc_timestamp({{ moment }}, {{ time_zone }}) as date)
{%- endmacro %}


{# A timestamp some hours later. #}
{% macro hours_later(moment, hours) -%}
    {{ return(adapter.dispatch('hours_later', 'cartwheel')(moment, hours)) }}
{%- endmacro %}

{% macro duckdb__hours_later(moment, hours) -%}
    ({{ moment }} + to_hours({{ hours }}))
{%- endmacro %}

{% macro spark__hours_later(moment, hours) -%}
    ({{ moment }} + make_dt_interval(0, {{ hours }}))
{%- endmacro %}


{# The seconds from one timestamp to a later one, a whole number. #}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch('seconds_between', 'cartwheel')(earlier, later)) }}
{%- endmacro %}

{% macro duckdb__seconds_between(earlier, later) -%}
    date_diff('second', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__seconds_between(earlier, later) -%}
    (unix_timestamp({{ later }}) - unix_timestamp({{ earlier }}))
{%- endmacro %}
