{#
    Stops a run that was given a var which the project does not have (--vars): dbt would ignore
    it, and build with the default. The names are those of dbt_project.yml, which a macro cannot
    read without what --vars added; a test compares the two.
#}
{% macro expect_known_vars() -%}
    {%- set known = [
        'include_test_orders', 'cancelled_orders', 'abandonment_hours', 're_engagement_days',
        'workflow_attribution_days', 'home_currency', 'product_grain', 'first_day_of_week',
        'bought_together_orders'
    ] -%}
    {%- for name in (invocation_args_dict.vars or {}) if execute and name not in known -%}
        {#- the likely one has most pairs of letters in common -#}
        {%- set best = namespace(name=none, shared=0) -%}
        {%- for each in known -%}
            {%- set shared = namespace(pairs=0) -%}
            {%- for place in range(name | length - 1) if name[place:place + 2] in each -%}
                {%- set shared.pairs = shared.pairs + 1 -%}
            {%- endfor -%}
            {%- if 2 * shared.pairs > each | length and shared.pairs > best.shared -%}
                {%- set best.name, best.shared = each, shared.pairs -%}
            {%- endif -%}
        {%- endfor -%}
        {{ exceptions.raise_compiler_error(
            'There is no var ' ~ name
            ~ ('; did you mean ' ~ best.name ~ '?' if best.name else '.')
            ~ ' The vars are ' ~ known | join(', ') ~ '. Correct it. Run: cartwheel dbt build'
            ~ ' --vars ...'
        ) }}
    {%- endfor -%}
{%- endmacro %}
