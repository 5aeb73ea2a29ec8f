{#
    Staging parses the JSON of a version once. Which version of a record a row of raw holds,
    the run that landed it and the hash of its payload tell: both change with whatever
    happens to the record. So after forget_outdated and the rows that is_unparsed lets
    through, a staging table holds what parsing everything anew would give.
#}

{# The columns by which a parsed row is known again. #}
{% macro version_columns() -%}
    id as gid,
        run_id,
        payload_hash
{%- endmacro %}


{# Whether a row of raw.<resource>, read under that name, is of a version not parsed yet. #}
{% macro is_unparsed(resource) -%}
    {%- if is_incremental() -%}
    {{ return(adapter.dispatch('is_unparsed', 'cartwheel')(resource)) }}
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{# By row ids, so that no payload but the new ones is read. #}
{% macro duckdb__is_unparsed(resource) -%}
    {{ resource }}.rowid in (
            select versions.rowid
            from {{ source('raw', resource) }} as versions
            where not exists (
                select 1 from {{ this }} as parsed where {{ same_version() }}
            )
        )
{%- endmacro %}

{% macro spark__is_unparsed(resource) -%}
    true
{%- endmacro %}


{# Deletes the rows of versions that raw no longer holds; empty where all is built anew. #}
{% macro forget_outdated() -%}
    {%- if is_incremental() -%}
    delete from {{ this }} as parsed
    where not exists (
        select 1
        from {{ source('raw', this.name.split('__')[1]) }} as versions
        where {{ same_version() }}
    )
    {%- endif -%}
{%- endmacro %}

{% macro same_version() -%}
    parsed.shop = versions.shop
    and parsed.gid = versions.id
    and parsed.run_id = versions.run_id
    and parsed.payload_hash is not distinct from versions.payload_hash
{%- endmacro %}
