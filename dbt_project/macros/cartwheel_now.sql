{#
    The time of the run, a UTC timestamp: CARTWHEEL_NOW where it is set, else when dbt was
    started, so that all models judge by one time. Read as a date-time before it becomes SQL.
#}
{% macro cartwheel_now() -%}
    {%- set fixed = env_var('CARTWHEEL_NOW', '') | trim -%}
    {%- set moment = run_started_at -%}
    {%- if fixed -%}
        {%- set moment = modules.datetime.datetime.fromisoformat(fixed) -%}
    {%- endif -%}
    {%- if moment.tzinfo -%}
        {%- set moment = moment.astimezone(modules.pytz.utc) -%}
    {%- endif -%}
    cast('{{ moment.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
{%- endmacro %}
