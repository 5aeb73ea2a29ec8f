{#
    Forgets what the last build saw, before anything is built: cartwheel transform builds only
    what has changed since, and remembers what it saw if it succeeded. A build that somebody
    runs by hand, of some models or with other vars, is followed by a whole one.
#}
{% macro forget_what_was_built() -%}
    {%- if execute and target.type == 'duckdb' and flags.WHICH in ('build', 'run', 'seed') -%}
        drop table if exists ops.build_inputs
    {%- endif -%}
{%- endmacro %}
