{# Every Unicode blank, and the separators that count as blanks, for a character class. #}
{% macro blank_characters() -%}
    \x{09}-\x{0d}\x{1c}-\x{20}\x{85}\x{a0}
    {#- one pattern -#}
    \x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}
{%- endmacro %}


{# The text without the blanks around it. #}
{% macro trimmed(text) -%}
    {%- set blanks = '[' ~ blank_characters() ~ ']+' -%}
    {{ replaced(text, '^' ~ blanks ~ '|' ~ blanks ~ '$', '') }}
{%- endmacro %}


{# The text unchanged, or null if it contains only blanks. #}
{% macro non_blank(text) -%}
    case when {{ trimmed(text) }} <> '' then {{ text }} end
{%- endmacro %}


{#
    What is wrong with a normalised e-mail, or null where it is valid
    (docs/reference/rules.md#e-mails). HubSpot answers INVALID_EMAIL to what is caught here
    (docs/reference/hubspot.md#e-mail-addresses).
#}
{% macro email_fault(email) -%}
    {%- set local_part = "split_part(" ~ email ~ ", '@', 1)" -%}
    {%- set domain = "split_part(" ~ email ~ ", '@', 2)" -%}
    {%- set characters = "[a-z0-9!#$%&'*+/=?^_`{|}~-]+" -%}
    {%- set label = "[a-z0-9](?:[a-z0-9-]*[a-z0-9])?" -%}
    case
        when length({{ email }}) < 6 then 'shorter than 6 characters'
        when length({{ email }}) > 254 then 'longer than 254 characters'
        when length({{ email }}) - length(replace({{ email }}, '@', '')) <> 1
            then 'not exactly one @'
        when length({{ local_part }}) > 64 then 'more than 64 characters before the @'
        when not {{ matches(local_part, characters ~ '(?:\\.' ~ characters ~ ')*') }}
            then 'a character or dot before the @ that an address cannot have'
        when not {{ matches(
            domain, '(?:' ~ label ~ '\\.)+(?:[a-z]{2,63}|xn--' ~ label ~ ')'
        ) }}
            then 'no valid domain after the @'
    end
{%- endmacro %}
