{# The id at the end of gid://shopify/Type/123?query, as text. #}
{% macro gid_tail(gid) -%}
    split_part(split_part({{ gid }}, '?', 1), '/', 5)
{%- endmacro %}

{# The type inside gid://shopify/Type/123. #}
{% macro gid_type(gid) -%}
    split_part({{ gid }}, '/', 4)
{%- endmacro %}


{# Patterns below are written for both engines: RE2 and Java understand them alike. #}

{# Whether the whole text matches a pattern. #}
{% macro matches(text, pattern) -%}
    {{ return(adapter.dispatch('matches', 'cartwheel')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__matches(text, pattern) -%}
    regexp_full_match({{ text }}, '{{ pattern | replace("'", "''") }}')
{%- endmacro %}

{% macro spark__matches(text, pattern) -%}
    ({{ text }} rlike r"\A(?:{{ pattern }})\z")
{%- endmacro %}


{# The first group of the first match of a pattern; null where there is none. #}
{% macro first_group(text, pattern) -%}
    {{ return(adapter.dispatch('first_group', 'cartwheel')(text, pattern)) }}
{%- endmacro %}

{% macro duckdb__first_group(text, pattern) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern | replace("'", "''") }}', 1), '')
{%- endmacro %}

{% macro spark__first_group(text, pattern) -%}
    nullif(regexp_extract({{ text }}, r"{{ pattern }}", 1), '')
{%- endmacro %}


{# The text with every match of a pattern replaced. #}
{% macro replaced(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('replaced', 'cartwheel')(text, pattern, replacement)) }}
{%- endmacro %}

{% macro duckdb__replaced(text, pattern, replacement) -%}
    regexp_replace(
        {{ text }}, '{{ pattern | replace("'", "''") }}', '{{ replacement }}', 'g'
    )
{%- endmacro %}

{% macro spark__replaced(text, pattern, replacement) -%}
    regexp_replace({{ text }}, r"{{ pattern }}", '{{ replacement }}')
{%- endmacro %}
