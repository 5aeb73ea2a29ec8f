{{ config(materialized='replaced_view') }}

with

runs as (
    select * from {{ ref('int_runs') }}
),

described as (
    select
        ----------  ids
        step,
        run_id,
        shop,

        ----------  when
        started_at,
        finished_at,
        {{ seconds_between('started_at', 'finished_at') }} as seconds,
        is_last,

        ----------  what came of it
        status,
        records_read,
        records_changed,
        checks_passed,
        checks_warned,
        checks_failed,
        message
    from runs
)

select * from described
