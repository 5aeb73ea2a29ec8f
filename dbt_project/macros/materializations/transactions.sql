{#
    A model's statement is atomic. Each statement costs dbt some milliseconds, so if nothing
    else belongs to the transaction, it begins and ends with the statement itself; closing a
    connection in the middle of it rolls it back.
#}

{#
    Whether the transaction is dbt's: hooks, indexes or grants belong to it as well, or it has
    begun already, to look the relation up where dbt was told to know none beforehand.
#}
{% macro dbt_has_transaction() -%}
    {{ return(
        (pre_hooks + post_hooks) | selectattr('transaction') | list | length > 0
        or config.get('indexes') or config.get('grants') or not flags.POPULATE_CACHE
    ) }}
{%- endmacro %}

{% macro begin_alone() -%}
    {{ 'begin;' if not dbt_has_transaction() }}
{%- endmacro %}

{% macro commit_alone() -%}
    {{ 'commit' if not dbt_has_transaction() }}
{%- endmacro %}


{# What dbt does after a model's statement, in its order, up to the end of the transaction. #}
{% macro end_as_dbt_does(existing, relation, is_kept) -%}
    {%- if existing is not none and existing.type != relation.type -%}
        {%- do adapter.cache_dropped(existing) -%}
    {%- endif -%}
    {%- if relation.is_table and not is_kept -%}
        {%- do create_indexes(relation) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- if config.get('grants') -%}
        {%- do apply_grants(
            relation, config.get('grants'),
            should_revoke=should_revoke(existing, full_refresh_mode=not is_kept)
        ) -%}
    {%- endif -%}
    {%- if dbt_has_transaction() -%}
        {%- do adapter.commit() -%}
    {%- endif -%}
{%- endmacro %}


{# The materialization that the engine has under a name; dbt clones by the same look-up. #}
{% macro of_this_engine(name) -%}
    {%- set own = 'materialization_' ~ name ~ '_' ~ adapter.type() -%}
    {{ return(context[own if own in context else 'materialization_' ~ name ~ '_default']()) }}
{%- endmacro %}
