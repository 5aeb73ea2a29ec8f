{#
    Rows that are new are added to a table that keeps those of before; of the latter the
    model's outdated() says which are so no more. One statement for dbt, as each costs it
    some milliseconds; closing a connection in the middle of it rolls it back.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- set found = load_cached_relation(this) -%}
    {%- if found is not none and not found.is_table -%}
        {%- do adapter.drop_relation(found) -%}
    {%- endif -%}

    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {%- call statement('main', auto_begin=False) -%}
        {%- if is_incremental() -%}
        begin;
        delete from {{ relation }} where {{ is_outdated() }};
        insert into {{ relation }} by name
        {{ sql }};
        commit
        {%- else -%}
        begin;
        create or replace table {{ relation }} as
        {{ sql }};
        comment on table {{ relation }} is '{{ reading_of(model) }}';
        commit
        {%- endif -%}
    {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}

    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
