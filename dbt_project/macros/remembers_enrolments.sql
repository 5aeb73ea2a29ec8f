{#
    Whether this build may add to ops.enrolments, as SQL: not with --vars, which somebody tries.
    Who entered an audience stays there, and would be mailed for what was never meant to hold.
#}
{% macro remembers_enrolments() -%}
    {%- if execute and invocation_args_dict.vars and flags.WHICH in ('build', 'run') -%}
        {%- do log(
            'With --vars nobody is added to ops.enrolments, so nobody enters an audience. Vars'
            ~ ' that are to hold stand in dbt_project.yml',
            info=true
        ) -%}
    {%- endif -%}
    {{ 'false' if invocation_args_dict.vars else 'true' }}
{%- endmacro %}
