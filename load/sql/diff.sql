-- The rows of hubspot.{object} that are not known to be unchanged, with what a load would do.
insert into load_plan
with

wanted as (
    select
        source."{key}" as key,
        source.place,
        {product_id} as product_id,
        {parent_id} as parent_id,
        {fingerprint} as fingerprint,
        {is_free} or {parent_id} is not null as has_parent
    from load_{object} as source
    {joins}
),

acknowledged as (
    select key, hubspot_id, fingerprint, status, kept_at
    from load_acknowledged
    where object = '{object}'
),

refused as (
    select key, fingerprint
    from load_refused
    where object = '{object}'
),

compared as (
    select
        wanted.*,
        case when acknowledged.status = 'living' then acknowledged.hubspot_id end as hubspot_id,
        case when acknowledged.status = 'living' then acknowledged.kept_at end as kept_at,
        case
            when acknowledged.status in ('deleted_in_hubspot', 'shared') then 'skipped'
            when not wanted.has_parent then 'skipped'
            when
                acknowledged.status = 'living'
                and acknowledged.fingerprint = wanted.fingerprint
                then 'unchanged'
            when refused.fingerprint = wanted.fingerprint then 'rejected'
            when acknowledged.status = 'living' then 'update'
            else 'create'
        end as action
    from wanted
    left join acknowledged using (key)
    left join refused using (key)
)

select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by place),
    '{object}', key, action, hubspot_id, fingerprint, place, kept_at, product_id, parent_id,
    null
from compared
where action <> 'unchanged'
