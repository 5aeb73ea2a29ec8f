{#
    Staging parses the JSON of a version once. Which version of a record a row of raw holds
    is told by the run that landed it, the hash of its payload and the time of its deletion:
    one of them changes with whatever happens to the record. A parsed row keeps a hash of
    them; so without the rows that are outdated, and with those that are unparsed, a staging
    table holds what parsing everything again would give.
#}

{# The version that a row of raw holds; never null. #}
{% macro version_of_row() -%}
    {{ return(adapter.dispatch('version_of_row', 'cartwheel')()) }}
{%- endmacro %}

{% macro duckdb__version_of_row() -%}
    hash(shop, id, run_id, payload_hash, deleted_at)
{%- endmacro %}

{% macro spark__version_of_row() -%}
    xxhash64(shop, id, run_id, payload_hash, deleted_at)
{%- endmacro %}


{# Whether a row of raw.<resource>, read under that name, is a version not parsed yet. #}
{% macro is_unparsed(resource) -%}
    {%- if holds_parsed_rows() and not flags.EMPTY -%}
    {{ return(adapter.dispatch('is_unparsed', 'cartwheel')(resource)) }}
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{# By row ids, so that no payload but the new ones is read. #}
{% macro duckdb__is_unparsed(resource) -%}
    {{ resource }}.rowid in (
            select rowid from {{ source('raw', resource) }}
            where {{ version_of_row() }} not in (select version from {{ this }})
        )
{%- endmacro %}

{% macro spark__is_unparsed(resource) -%}
    true
{%- endmacro %}


{# Whether a row of the model's table belongs to a version that raw no longer has. #}
{% macro is_outdated() -%}
    version not in (
            select {{ version_of_row() }}
            from {{ source(*model.sources[0]) }}
        )
{%- endmacro %}
