{# The share (0 to 1) of a shop's object that may be quarantined; the setting is 1% or 0.01. #}
{% macro quarantine_limit() -%}
    {%- set setting = env_var('CARTWHEEL_QUARANTINE_LIMIT', '') | trim or '1%' -%}
    {%- set number = setting | replace('%', '') | float(-1) -%}
    {%- set limit = number / 100 if '%' in setting else number -%}
    {%- if not 0 <= limit <= 1 -%}
        {{ exceptions.raise_compiler_error(
            "CARTWHEEL_QUARANTINE_LIMIT is '" ~ setting ~ "', which is not a valid share. "
            ~ 'Write it like 1% or 0.01.'
        ) }}
    {%- endif -%}
    {{ return('%.8f' % limit) }}
{%- endmacro %}


{# At the end of a run, names the quarantined records: a test reports only a number of rows. #}
{% macro tell_quarantined() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- for object in ['contacts', 'deals', 'products'] -%}
            {%- set table = adapter.get_relation(
                target.database, 'hubspot', 'quarantined_' ~ object
            ) -%}
            {%- if table -%}
                {%- set found = run_query(
                    'select record, shop, detail, count(*) over () from ' ~ table
                    ~ ' where not is_ordinary order by shop, record, source_id limit 10'
                ).rows -%}
                {%- for row in found -%}
                    {%- do exceptions.warn(
                        object ~ ': ' ~ row[0] ~ ' of ' ~ row[1] ~ ' is not sent: ' ~ row[2]
                    ) -%}
                {%- endfor -%}
                {%- if found and found[0][3] > 10 -%}
                    {%- do exceptions.warn(
                        object ~ ': ' ~ (found[0][3] - 10) ~ ' more are not sent, see ' ~ table
                    ) -%}
                {%- endif -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}
