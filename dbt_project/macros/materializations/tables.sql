{#
    A table as it stands, if a query's rows can be written into it as it is: its columns are
    the query's, by name and type, and it has no constraints or indexes. Else none, and it is
    to be replaced. Gives columns, a list of name and type, and comments by name, in lower
    case, hashed, that of the table under ''.
#}
{% macro standing_table(relation, query) -%}
    {%- if relation is none or not relation.is_table or needs_new_table() -%}
        {{ return(none) }}
    {%- endif -%}
    {%- set place -%}
        database_name = '{{ within_text(relation.database) }}'
        and schema_name = '{{ relation.schema }}'
        and table_name = '{{ relation.identifier }}'
    {%- endset -%}
    {#- comments as hashes: dbt reads a text that looks like a number as one -#}
    {%- set described = run_query(
        "select name, type, count(*), max(comment) from ("
        ~ "select column_name as name, column_type as type, null as comment from (describe "
        ~ query ~ ") union all "
        ~ "select column_name, data_type || if(is_nullable, '', ' not null'), "
        ~ "'of ' || md5(coalesce(comment, '')) from duckdb_columns() where " ~ place
        ~ " union all "
        ~ "select '', if(index_count + check_constraint_count = 0, 'free', 'constrained'), "
        ~ "'of ' || md5(coalesce(comment, '')) from duckdb_tables() where " ~ place
        ~ ") group by all"
    ) -%}
    {%- set columns = [] -%}
    {%- set comments = {} -%}
    {%- for row in described.rows -%}
        {%- if row[1] == 'constrained' or (row[0] and row[2] < 2) -%}
            {{ return(none) }}
        {%- endif -%}
        {%- do comments.update({(row[0] or '') | lower: row[3]}) -%}
        {%- if row[0] -%}
            {%- do columns.append((adapter.quote(row[0]), row[1])) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return({'columns': columns, 'comments': comments}) }}
{%- endmacro %}


{# Whether the model asks for what only a new table can have. #}
{% macro needs_new_table() -%}
    {%- if config.get('indexes') -%}{{ return(true) }}{%- endif -%}
    {%- if not config.get('contract').enforced -%}{{ return(false) }}{%- endif -%}
    {%- for column in model.columns.values() -%}
        {%- if column.constraints -%}{{ return(true) }}{%- endif -%}
    {%- endfor -%}
    {{ return(model.constraints | length > 0) }}
{%- endmacro %}


{#
    Stops the build if the columns are not those of the contract. dbt's own check says what
    differs; it asks the warehouse twice, so it is left out where the table's are the yml's,
    word for word.
#}
{% macro check_contract(standing, query) -%}
    {%- if config.get('contract').enforced -%}
        {%- set described = [] -%}
        {%- for column in model.columns.values() -%}
            {%- do described.append((adapter.quote(column.name), column.data_type | upper)) -%}
        {%- endfor -%}
        {%- if standing is none or standing.columns | sort != described | sort -%}
            {{ get_assert_columns_equivalent(query) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}


{# A new table of the query's rows, replacing the existing relation. #}
{% macro replace_table(existing, relation, query) -%}
    {{ config.get('sql_header') or '' }}
    {%- if existing is not none and not existing.is_table %}
    drop {{ existing.type }} {{ existing }};
    {%- endif %}
    {%- if config.get('contract').enforced %}
    create or replace table {{ relation }}
    {{ get_table_columns_and_constraints() }};
    insert into {{ relation }} {{ get_column_names() }}
    {{ get_select_subquery(query) }};
    {%- else %}
    create or replace table {{ relation }} as
    {{ query }};
    {%- endif %}
{%- endmacro %}
