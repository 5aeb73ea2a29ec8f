-- One row per record of hubspot.{object}: what a load would do with it.
create or replace temp view load_diff as
with

wanted as (
    select
        source."{key}" as key,
        {desired} as desired,
        {has_parent} as has_parent
    from hubspot.{object} as source
    {joins}
),

acknowledged as (
    select * from load_acknowledged
    where object = '{object}'
),

rejections as (
    select * from load_refused
    where object = '{object}'
)

select
    wanted.key,
    case
        when acknowledged.status = 'deleted_in_hubspot' then 'skipped'
        when not wanted.has_parent then 'skipped'
        when acknowledged.status = 'living' and acknowledged.properties = wanted.desired
            then 'unchanged'
        when rejections.properties = wanted.desired then 'rejected'
        when acknowledged.status = 'living' then 'update'
        else 'create'
    end as action,
    case when acknowledged.status = 'living' then acknowledged.hubspot_id end as hubspot_id,
    wanted.desired,
    case when acknowledged.status = 'living' then acknowledged.properties end as acknowledged
from wanted
left join acknowledged using (key)
left join rejections using (key)
