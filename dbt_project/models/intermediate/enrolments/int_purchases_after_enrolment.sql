with

enrolments as (
    select * from {{ ref('int_enrolments_with_person') }}
),

orders as (
    select * from {{ ref('orders') }}
    where person_key is not null and processed_at is not null and not is_cancelled
),

-- whoever lapsed may come back in any shop
scoped as (
    select
        *,
        case when workflow = 're_engagement' then 'all' else shop end as scope
    from enrolments
    where person_key is not null
),

numbered as (
    select
        *,
        row_number() over (
            partition by workflow, scope, person_key
            order by entered_at, shop, cause_id
        ) as nth
    from scoped
),

scopes as (
    select distinct
        workflow,
        scope,
        person_key
    from scoped
),

moments as (
    select
        workflow,
        scope,
        person_key,
        entered_at as moment,
        1 as is_entry,
        cast(null as string) as currency,
        cast(null as decimal(18, 4)) as net_sales
    from numbered
    union all
    select
        scopes.workflow,
        scopes.scope,
        scopes.person_key,
        orders.processed_at as moment,
        0 as is_entry,
        orders.currency,
        orders.net_sales
    from scopes
    inner join orders
        on
            scopes.person_key = orders.person_key
            and scopes.scope in (orders.shop, 'all')
),

-- an order belongs to the last entry before it alone, along one line of time; an order of the
-- moment of an entry is what caused it
followed as (
    select
        *,
        sum(is_entry) over (
            partition by workflow, scope, person_key
            order by moment asc, is_entry asc
            rows between unbounded preceding and current row
        ) as nth
    from moments
),

bought as (
    select
        ----------  ids
        numbered.workflow,
        numbered.shop,
        numbered.cause_id,

        ----------  what was bought
        count(*) as orders,
        sum(case when followed.currency = numbered.currency then followed.net_sales else 0 end)
            as net_sales
    from followed
    inner join numbered using (workflow, scope, person_key, nth)
    where
        followed.is_entry = 0
        and followed.moment <= {{ hours_later(
            'numbered.entered_at', var('workflow_attribution_days') * 24
        ) }}
    group by numbered.workflow, numbered.shop, numbered.cause_id
)

select * from bought
