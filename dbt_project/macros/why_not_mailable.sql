{# Why a person may not receive marketing e-mails; null if the person may. #}
{% macro why_not_mailable(email, accepts_marketing) -%}
case
    when {{ email }} is null then 'no valid e-mail'
    when not coalesce({{ accepts_marketing }}, false) then 'no consent to e-mail marketing'
end
{%- endmacro %}
