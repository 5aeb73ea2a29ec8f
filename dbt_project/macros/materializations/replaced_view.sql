{#
    A view that is replaced by one statement. dbt-duckdb's own view is made under another
    name, the former one is renamed away, then the new one, and the former is dropped: twice
    the time of a model that computes nothing.
#}
{% materialization replaced_view, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target_relation = this.incorporate(type='view') -%}
    {%- do check_contract(none, sql) -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- call statement('main', auto_begin=dbt_has_transaction()) -%}
        {{ begin_alone() }}
        {{ config.get('sql_header') or '' }}
        {%- if existing is not none and existing.is_table %}
        drop table {{ existing }};
        {%- endif %}
        create or replace view {{ target_relation }} as
        {{ sql }};
        {{ comments_to_write(target_relation, none, sql) }}
        {{ commit_alone() }}
    {%- endcall -%}
    {%- do end_as_dbt_does(existing, target_relation, false) -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}


{#
    On other engines a view is a view, but for those that are read elsewhere, as files: of
    staging and the marts.
#}
{% materialization replaced_view, default %}
    {{ return(of_this_engine('view' if model.fqn[1] == 'intermediate' else 'table')) }}
{% endmaterialization %}
