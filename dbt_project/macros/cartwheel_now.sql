{#
    The time of the run, a UTC timestamp: CARTWHEEL_NOW where it is set, else the engine's clock.
    Read as a date-time before it becomes SQL.
#}
{% macro cartwheel_now() -%}
    {%- set fixed = env_var('CARTWHEEL_NOW', '') | trim -%}
    {%- if fixed -%}
        {%- set moment = modules.datetime.datetime.fromisoformat(fixed) -%}
        {%- if moment.tzinfo -%}
            {%- set moment = moment.astimezone(modules.pytz.utc) -%}
        {%- endif -%}
        cast('{{ moment.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
    {%- else -%}
        {{ engine_now() }}
    {%- endif -%}
{%- endmacro %}
