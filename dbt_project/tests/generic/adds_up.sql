{#
    The parts of a report add up to the whole: per shop, currency and grain (and each value of
    the columns in `by`), its columns sum to totals of another model. Of the fixed periods, all
    time holds everything.

    totals: column of the report -> what it must sum to, an aggregate of the other model
    only: which rows of the other model

    A row that fails holds the sums that differ: as they are, and as they are in the whole.
#}
{% test adds_up(
    model, to, totals, only='true', by=[], grains=['day', 'week', 'month', 'quarter', 'period']
) %}

with

wholes as (
    select
        {% for column, total in totals.items() %}
        coalesce({{ total }}, 0) as {{ column }},
        {% endfor %}
        shop,
        currency
    from {{ to }}
    where {{ only }}
    group by shop, currency
),

sections as (
    {% for grain in grains or [none] %}
    select
        {{ "'" ~ grain ~ "'" if grain else 'cast(null as string)' }} as grain
        {%- for column in by %}, {{ column }}{% endfor %}
    {%- if by %}
    from (select distinct {{ by | join(', ') }} from {{ model }}) as values_of_by
    {%- endif %}
    {{ 'union all' if not loop.last }}
    {% endfor %}
),

expected as (
    select wholes.*, sections.*
    from wholes
    cross join sections
),

parts as (
    select
        {% for column in totals %}
        sum({{ column }}) as {{ column }},
        {% endfor %}
        {% for column in by %}
        {{ column }},
        {% endfor %}
        shop,
        currency,
        {{ 'grain' if grains else 'cast(null as string) as grain' }}
    from {{ model }}
    {%- if grains %}
    where grain <> 'period' or (period = 'all_time' and comparison = 'none')
    {%- endif %}
    group by {% for column in by %}{{ column }}, {% endfor %}shop, currency
    {{- ', grain' if grains }}
),

compared as (
    select
        coalesce(expected.shop, parts.shop) as shop,
        coalesce(expected.currency, parts.currency) as currency,
        coalesce(expected.grain, parts.grain) as grain
        {%- for column in by %},
        coalesce(expected.{{ column }}, parts.{{ column }}) as {{ column }}
        {%- endfor %}
        {%- for column in totals %},
        case
            when coalesce(expected.{{ column }}, 0) <> coalesce(parts.{{ column }}, 0)
            then coalesce(parts.{{ column }}, 0)
        end as {{ column }},
        case
            when coalesce(expected.{{ column }}, 0) <> coalesce(parts.{{ column }}, 0)
            then coalesce(expected.{{ column }}, 0)
        end as {{ column }}_in_the_whole
        {%- endfor %}
    from expected
    full outer join parts
        on
            expected.shop = parts.shop
            and expected.currency = parts.currency
            and expected.grain is not distinct from parts.grain
            {% for column in by %}
            and expected.{{ column }} = parts.{{ column }}
            {% endfor %}
    where
        false
        {% for column in totals %}
        or coalesce(expected.{{ column }}, 0) <> coalesce(parts.{{ column }}, 0)
        {% endfor %}
)

select * from compared

{% endtest %}
