{# Why a person may not be sent marketing e-mails; null where nothing speaks against it. #}
{% macro why_not_mailable(email, accepts_marketing) -%}
case
    when {{ email }} is null then 'no valid e-mail'
    when not coalesce({{ accepts_marketing }}, false) then 'no consent to e-mail marketing'
end
{%- endmacro %}
