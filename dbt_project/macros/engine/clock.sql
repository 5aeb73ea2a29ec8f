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


{# The IANA name of a time zone; null where the engine does not know it. #}
{% macro to_time_zone(name) -%}
    {{ return(adapter.dispatch('to_time_zone', 'cartwheel')(name)) }}
{%- endmacro %}

{% macro duckdb__to_time_zone(name) -%}
    (select zones.name from pg_timezone_names() as zones where zones.name = {{ name }} limit 1)
{%- endmacro %}

{# Spark has no list of them, and stops at the first date of a zone that it does not know. #}
{% macro spark__to_time_zone(name) -%}
    {{ name }}
{%- endmacro %}


{# The last second of a day in a shop's IANA time zone, as a UTC timestamp. #}
{% macro shop_day_end(day, time_zone) -%}
    {{ return(adapter.dispatch('shop_day_end', 'cartwheel')(day, time_zone)) }}
{%- endmacro %}

{% macro duckdb__shop_day_end(day, time_zone) -%}
    timezone('UTC', timezone({{ time_zone }}, {{ day }} + time '23:59:59'))
{%- endmacro %}

{% macro spark__shop_day_end(day, time_zone) -%}
    to_utc_timestamp(
        cast({{ day }} as timestamp) + make_dt_interval(0, 23, 59, 59), {{ time_zone }}
    )
{%- endmacro %}


{# A timestamp some seconds later. #}
{% macro seconds_later(moment, seconds) -%}
    {{ return(adapter.dispatch('seconds_later', 'cartwheel')(moment, seconds)) }}
{%- endmacro %}

{% macro duckdb__seconds_later(moment, seconds) -%}
    ({{ moment }} + to_seconds({{ seconds }}))
{%- endmacro %}

{% macro spark__seconds_later(moment, seconds) -%}
    ({{ moment }} + make_dt_interval(0, 0, 0, {{ seconds }}))
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


{#
    The first day of the week in which a day lies. Weeks begin on the day that the var
    first_day_of_week names in English; another word stops the build.
#}
{% macro week_start(day) -%}
    {%- set days = [
        'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'
    ] -%}
    {%- set first = var('first_day_of_week') | lower -%}
    {%- if first not in days -%}
        {{ exceptions.raise_compiler_error(
            "The var first_day_of_week is '" ~ first ~ "', which is not a day of the week. "
            ~ 'Write one of ' ~ days | join(', ') ~ ' in dbt_project.yml.'
        ) }}
    {%- endif -%}
    {{ return(adapter.dispatch('week_start', 'cartwheel')(day, days.index(first))) }}
{%- endmacro %}

{# first: 0 for Monday #}
{% macro duckdb__week_start(day, first) -%}
    cast({{ day }} - cast((isodow({{ day }}) + 6 - {{ first }}) % 7 as integer) as date)
{%- endmacro %}

{% macro spark__week_start(day, first) -%}
    date_sub({{ day }}, (weekday({{ day }}) + 7 - {{ first }}) % 7)
{%- endmacro %}


{# A day some days later. #}
{% macro days_later(day, days) -%}
    {{ return(adapter.dispatch('days_later', 'cartwheel')(day, days)) }}
{%- endmacro %}

{% macro duckdb__days_later(day, days) -%}
    cast({{ day }} + cast({{ days }} as integer) as date)
{%- endmacro %}

{% macro spark__days_later(day, days) -%}
    date_add({{ day }}, {{ days }})
{%- endmacro %}


{# A day some months later: the last one of its month where that month is shorter. #}
{% macro months_later(day, months) -%}
    {{ return(adapter.dispatch('months_later', 'cartwheel')(day, months)) }}
{%- endmacro %}

{% macro duckdb__months_later(day, months) -%}
    cast({{ day }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro spark__months_later(day, months) -%}
    add_months({{ day }}, {{ months }})
{%- endmacro %}


{# The first day of the month in which a day lies. #}
{% macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}


{# The calendar months from one day to a later one: 1 from 31 January to 1 February. #}
{% macro months_between_days(earlier, later) -%}
    (
        12 * (extract(year from {{ later }}) - extract(year from {{ earlier }}))
        + extract(month from {{ later }}) - extract(month from {{ earlier }})
    )
{%- endmacro %}


{# The days from one date to a later one. #}
{% macro days_between(earlier, later) -%}
    {{ return(adapter.dispatch('days_between', 'cartwheel')(earlier, later)) }}
{%- endmacro %}

{% macro duckdb__days_between(earlier, later) -%}
    date_diff('day', {{ earlier }}, {{ later }})
{%- endmacro %}

{% macro spark__days_between(earlier, later) -%}
    datediff({{ later }}, {{ earlier }})
{%- endmacro %}
