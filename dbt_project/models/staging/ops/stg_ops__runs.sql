{{ config(materialized='replaced_view') }}

with

extract_runs as (
    select * from {{ source('ops', 'extract_runs') }}
),

transform_runs as (
    select * from {{ source('ops', 'transform_runs') }}
),

quality_runs as (
    select * from {{ source('ops', 'quality_runs') }}
),

load_runs as (
    select * from {{ source('ops', 'load_runs') }}
),

extracts as (
    select
        run_id,
        shop,
        min(started_at) as started_at,
        max(case when resource = 'run' then finished_at end) as finished_at,
        max(case when resource = 'run' then status end) as status,
        sum(rows_seen) as records_read,
        sum(rows_landed) as records_changed,
        max(case when resource = 'run' then message end) as message
    from extract_runs
    group by run_id, shop
),

renamed as (
    select
        'extract' as step,
        run_id,
        shop,
        started_at,
        finished_at,
        status,
        cast(records_read as bigint) as records_read,
        cast(records_changed as bigint) as records_changed,
        cast(null as bigint) as checks_passed,
        cast(null as bigint) as checks_warned,
        cast(null as bigint) as checks_failed,
        message
    from extracts
    union all
    select
        'transform' as step,
        cast(null as string) as run_id,
        cast(null as string) as shop,
        started_at,
        finished_at,
        status,
        cast(null as bigint) as records_read,
        cast(null as bigint) as records_changed,
        cast(passed as bigint) as checks_passed,
        cast(warned as bigint) as checks_warned,
        cast(failed as bigint) as checks_failed,
        message
    from transform_runs
    union all
    select
        'check' as step,
        run_id,
        cast(null as string) as shop,
        started_at,
        finished_at,
        case when success then 'succeeded' else 'failed' end as status,
        cast(null as bigint) as records_read,
        cast(null as bigint) as records_changed,
        cast(checks - failures - warnings as bigint) as checks_passed,
        cast(warnings as bigint) as checks_warned,
        cast(failures as bigint) as checks_failed,
        nullif(message, '') as message
    from quality_runs
    union all
    select
        'load' as step,
        run_id,
        cast(null as string) as shop,
        started_at,
        finished_at,
        status,
        cast(null as bigint) as records_read,
        writes as records_changed,
        cast(null as bigint) as checks_passed,
        cast(null as bigint) as checks_warned,
        cast(null as bigint) as checks_failed,
        message
    from load_runs
)

select * from renamed
