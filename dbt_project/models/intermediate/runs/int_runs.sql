with

runs as (
    select * from {{ ref('stg_ops__runs') }}
),

ranked as (
    select
        *,
        row_number() over (
            partition by step, shop order by started_at desc, run_id desc
        ) = 1 as is_last
    from runs
)

select * from ranked
