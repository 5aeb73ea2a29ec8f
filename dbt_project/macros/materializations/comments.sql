{#
    The statements that make a relation's comments what persist_docs asks for: the
    descriptions of the model and of its columns. Of a table that stands only those that
    differ are written, and described columns that do not exist are warned of, as dbt does.

    standing: a table as standing_table() gives it; none if it is new and has no comments
    query: what a new relation is made of
    comment: of the relation, if it is not its description alone
#}
{% macro comments_to_write(relation, standing, query, comment=none) -%}
    {%- set comment = comment or relation_comment() -%}
    {%- if comment and differs(comment, standing, '') %}
    comment on {{ relation.type }} {{ relation }} is {{ duckdb_escape_comment(comment) }};
    {%- endif %}
    {%- if config.persist_column_docs() and model.columns %}
    {%- set described = model.columns if config.get('contract').enforced
        else validate_doc_columns(relation, model.columns, names_of_columns(standing, query)) %}
    {%- for column in described.values() %}
    {%- set told = without_wraps(column.description) %}
    {%- if differs(told, standing, column.name) %}
    comment on column {{ relation }}.{{ adapter.quote(column.name) }}
    is {{ duckdb_escape_comment(told) }};
    {%- endif %}
    {%- endfor %}
    {%- endif %}
{%- endmacro %}


{#
    A description whose lines were wrapped for the file, each paragraph of it in one line: a
    comment is shown in a cell. Lists and paragraphs keep their lines.
#}
{% macro without_wraps(text) -%}
    {{ return(modules.re.sub('(?<!\n)\n(?!\n| *[-*|])', ' ', text)) }}
{%- endmacro %}


{# The description of the model, if persist_docs asks for it. #}
{% macro relation_comment() -%}
    {{ return(model.description if config.persist_relation_docs() else '') }}
{%- endmacro %}


{# Whether the comment of a column, or of the table under '', is another; a new one is empty. #}
{% macro differs(text, standing, name) -%}
    {%- set comment = 'of ' ~ local_md5('') -%}
    {%- if standing is not none -%}
        {%- set comment = standing.comments[name | lower] -%}
    {%- endif -%}
    {{ return(comment != 'of ' ~ local_md5(text)) }}
{%- endmacro %}


{% macro names_of_columns(standing, query) -%}
    {%- if standing is not none -%}
        {{ return(standing.comments.keys() | list) }}
    {%- endif -%}
    {{ return(
        run_query("select lower(column_name) from (describe " ~ query ~ ")").columns[0].values()
    ) }}
{%- endmacro %}
