{#
    The elements of a list column, a row for each: goes into the select list, where it is the
    only one of its kind. A row whose list is empty or null has none. In the from clause DuckDB
    would join the elements to their rows: 20 times as long.
#}
{% macro exploded(list) -%}
    {{ return(adapter.dispatch('exploded', 'cartwheel')(list)) }}
{%- endmacro %}

{% macro duckdb__exploded(list) -%}
    unnest({{ list }})
{%- endmacro %}

{% macro spark__exploded(list) -%}
    explode({{ list }})
{%- endmacro %}


{# A list of texts as one text with ; between; null where the list is empty. #}
{% macro joined_list(list) -%}
    {{ return(adapter.dispatch('joined_list', 'cartwheel')(list)) }}
{%- endmacro %}

{% macro duckdb__joined_list(list) -%}
    nullif(array_to_string({{ list }}, ';'), '')
{%- endmacro %}

{% macro spark__joined_list(list) -%}
    nullif(array_join({{ list }}, ';'), '')
{%- endmacro %}


{# The sum of a money field (a path inside each struct) over a list of structs; 0 for none. #}
{% macro sum_over_list(list, path) -%}
    {{ return(adapter.dispatch('sum_over_list', 'cartwheel')(list, path)) }}
{%- endmacro %}

{% macro duckdb__sum_over_list(list, path) -%}
    cast(
        coalesce(
            list_sum(
                list_transform(
                    {{ list }}, lambda element: {{ to_money('element.' ~ path) }}
                )
            ), 0
        ) as decimal(18, 4)
    )
{%- endmacro %}

{% macro spark__sum_over_list(list, path) -%}
    cast(
        aggregate(
            coalesce({{ list }}, array()), cast(0 as decimal(38, 4)),
            (total, element) -> total + coalesce({{ to_money('element.' ~ path) }}, 0)
        ) as decimal(18, 4)
    )
{%- endmacro %}


{# The element at a position counted from 1; null past the end. #}
{% macro list_element(list, position) -%}
    {{ return(adapter.dispatch('list_element', 'cartwheel')(list, position)) }}
{%- endmacro %}

{% macro duckdb__list_element(list, position) -%}
    {{ list }}[{{ position }}]
{%- endmacro %}

{% macro spark__list_element(list, position) -%}
    try_element_at({{ list }}, {{ position }})
{%- endmacro %}


{#
    The first value that is not null of an expression over the elements of a list, in which
    element is one of them; null for none.
#}
{% macro first_over_list(list, expression) -%}
    {{ return(adapter.dispatch('first_over_list', 'cartwheel')(list, expression)) }}
{%- endmacro %}

{% macro duckdb__first_over_list(list, expression) -%}
    list_filter(
        list_transform({{ list }}, lambda element: {{ expression }}),
        lambda found: found is not null
    )[1]
{%- endmacro %}

{% macro spark__first_over_list(list, expression) -%}
    try_element_at(
        filter(transform({{ list }}, element -> {{ expression }}), found -> found is not null), 1
    )
{%- endmacro %}


{# The whole numbers from 0 to a last one, as a list. #}
{% macro numbers_up_to(last) -%}
    {{ return(adapter.dispatch('numbers_up_to', 'cartwheel')(last)) }}
{%- endmacro %}

{% macro duckdb__numbers_up_to(last) -%}
    generate_series(0, {{ last }})
{%- endmacro %}

{% macro spark__numbers_up_to(last) -%}
    sequence(0, {{ last }})
{%- endmacro %}
