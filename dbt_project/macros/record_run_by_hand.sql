{#
    At the end of a `dbt build` or `dbt run` that somebody ran by hand, a row in
    ops.transform_runs, where there is one: how many models and tests passed, warned and failed,
    and the names of those that failed. `cartwheel transform` records its own runs.
#}
{% macro record_run_by_hand() -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run')
        and not env_var('CARTWHEEL_RECORDS_THE_RUN', '') -%}
        {%- set ran = results
            | selectattr('node.resource_type', 'in', ['model', 'test', 'unit_test', 'seed'])
            | list -%}
        {#- asked by one query, for the reason that expect_sources gives -#}
        {%- set there = run_query(
            "select count(*) from information_schema.columns where table_schema = 'ops'"
            ~ " and table_name = 'transform_runs' and column_name = 'command'"
        ).columns[0].values()[0] -%}
        {%- if ran and there -%}
            {%- set failed = ran | selectattr('status', 'in', ['error', 'fail', 'runtime error'])
                | map(attribute='node.name') | list -%}
            {%- set passed = ran | rejectattr('node.resource_type', 'equalto', 'seed')
                | selectattr('status', 'in', ['success', 'pass']) | list -%}
            {%- set warned = ran | selectattr('status', 'equalto', 'warn') | list -%}
            {%- set ended = modules.datetime.datetime.now(modules.pytz.utc) -%}
            insert into ops.transform_runs (
                started_at, finished_at, status, passed, warned, failed, message, command
            ) values (
                timestamp '{{ run_started_at.strftime('%Y-%m-%d %H:%M:%S.%f') }}',
                timestamp '{{ ended.strftime('%Y-%m-%d %H:%M:%S.%f') }}',
                '{{ 'failed' if failed else 'succeeded' }}',
                {{ passed | length }},
                {{ warned | length }},
                {{ failed | length }},
                '{{ failed | join(', ') | replace("'", "''") }}',
                'dbt {{ flags.WHICH }}'
            )
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
