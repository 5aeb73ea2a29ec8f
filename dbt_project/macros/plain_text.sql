{#
    HTML as plain text: without scripts, styles, comments and tags, the entities that stand
    for markup and blanks read (others stay as they are), blanks collapsed. The result is
    text for a person to read; it is not safe as HTML.
#}
{% macro plain_text(html) -%}
    {%- set without_scripts = replaced(
        html, '(?is)<(?:script|style)[^>]*>.*?</(?:script|style)>|<!--.*?-->', ' '
    ) -%}
    {%- set without_tags = replaced(without_scripts, '<[^>]*>', ' ') -%}
    {%- set entities = [
        ('&nbsp;', ' '), ('&lt;', '<'), ('&gt;', '>'), ('&quot;', '"'), ('&#39;', "''"),
        ('&apos;', "''"), ('&amp;', '&'),
    ] -%}
    {%- set text = namespace(sql=without_tags) -%}
    {%- for entity, character in entities -%}
        {%- set text.sql -%}
            replace({{ text.sql }}, '{{ entity }}', '{{ character }}')
        {%- endset -%}
    {%- endfor -%}
    nullif({{ trimmed(replaced(text.sql, '[' ~ blank_characters() ~ ']+', ' ')) }}, '')
{%- endmacro %}
