{#
    Which person a record of ours is about, without saying who: a hash of the person's key. It
    tells the same person again; whoever knows an e-mail can ask whether it is the one.
#}
{% macro person_hash(person_key) -%}
    md5('person ' || {{ person_key }})
{%- endmacro %}
