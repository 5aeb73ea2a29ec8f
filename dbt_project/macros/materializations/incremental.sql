{#
    Rows that are new are added to a table that keeps those of before. What is not so any
    more, the model's pre-hook has deleted by then.
#}
{% materialization incremental, adapter='duckdb' %}
    {%- set relation = this.incorporate(type='table') -%}
    {%- if is_incremental() -%}
        {{ run_hooks(pre_hooks) }}
        {%- call statement('main') -%}
            insert into {{ relation }} by name
            {{ sql }}
        {%- endcall -%}
    {%- else -%}
        {%- set found = load_cached_relation(this) -%}
        {%- if found is not none and not found.is_table -%}
            {%- do adapter.drop_relation(found) -%}
        {%- endif -%}
        {%- call statement('main') -%}
            create or replace table {{ relation }} as
            {{ sql }}
        {%- endcall -%}
        {{ run_hooks(post_hooks) }}
    {%- endif -%}
    {%- do adapter.commit() -%}

    {{ return({'relations': [relation]}) }}
{% endmaterialization %}
