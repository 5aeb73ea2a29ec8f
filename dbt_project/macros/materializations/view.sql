{#
    A view in one statement. dbt's own makes it under another name, renames the former one
    away, then the new one, and drops the former.
#}
{% materialization view, adapter='duckdb' %}
    {%- set found = load_cached_relation(this) -%}
    {%- set relation = this.incorporate(type='view') -%}
    {%- if found is not none and not found.is_view -%}
        {%- do adapter.drop_relation(found) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- call statement('main', auto_begin=False) -%}
        create or replace view {{ relation }} as
        {{ sql }}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
