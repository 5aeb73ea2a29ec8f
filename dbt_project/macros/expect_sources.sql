{#
    Stops a build before it begins where a source is missing: nothing has been extracted into
    this warehouse, or only by a version of Cartwheel that did not read all of it yet.
#}
{% macro expect_sources() -%}
    {%- if execute and flags.WHICH in ('build', 'run') -%}
        {%- set found = names_of_sources() -%}
        {%- set missing = [] -%}
        {%- for source in graph.sources.values() -%}
            {%- set name = source.schema ~ '.' ~ source.identifier -%}
            {%- if name not in found -%}
                {%- do missing.append(name) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if missing and target.type != 'duckdb' -%}
            {{ exceptions.raise_compiler_error(
                'Spark knows no ' ~ missing | sort | join(', ')
                ~ '. Name a lake in CARTWHEEL_LAKE; to write one, run: cartwheel lake export'
            ) }}
        {%- elif missing | length == graph.sources | length -%}
            {{ exceptions.raise_compiler_error(
                'Nothing has been extracted into this warehouse yet. Run: cartwheel extract'
            ) }}
        {%- elif missing -%}
            {{ exceptions.raise_compiler_error(
                'The warehouse lacks ' ~ missing | sort | join(', ')
                ~ ', which cartwheel extract makes. Run: cartwheel extract'
            ) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
