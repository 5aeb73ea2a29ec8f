-- The rows of hubspot.{object} that may have changed, with what a load would do.
-- In two steps, so that the joins of the first leave the memory to those of the second.
create or replace temp table load_wanted as
select
    source."{key}" as key,
    source.place,
    {product_id} as product_id,
    {parent_id} as parent_id,
    {fingerprint} as fingerprint,
    {is_free} or {parent_id} is not null as has_parent
from load_{object} as source
{joins};

insert into load_plan
with

wanted as (
    select * from load_wanted
),

acknowledged as (
    select key, hubspot_id, fingerprint, status, kept_at
    from load_acknowledged
    where object = '{object}'
),

refused as (
    select key, fingerprint
    from load_rejected
    where object = '{object}'
),

quarantined as (
    select key, fingerprint, detail
    from load_quarantined
    where object = '{object}'
),

shared as (
    select acknowledged.key, acknowledged.hubspot_id
    from acknowledged
    semi join wanted using (key)
    where acknowledged.status = 'merged'
),

-- of several rows that are one record, a row of the mart writes it; where that row no longer
-- exists, the first of the others takes over
orphans as (
    select min(shared.key) as key
    from shared
    anti join (
        select acknowledged.hubspot_id
        from acknowledged
        semi join wanted using (key)
        where acknowledged.status = 'living'
    ) as written using (hubspot_id)
    group by shared.hubspot_id
),

owned as (
    select
        acknowledged.*,
        acknowledged.status = 'living' or orphans.key is not null as is_ours
    from acknowledged
    left join orphans using (key)
),

compared as (
    select
        wanted.*,
        case when owned.is_ours then owned.hubspot_id end as hubspot_id,
        case when owned.is_ours then owned.kept_at end as kept_at,
        case
            when owned.status = 'deleted_in_hubspot' then 'skipped'
            when owned.status = 'merged' and not owned.is_ours then 'skipped'
            when not wanted.has_parent then 'skipped'
            when
                owned.status = 'living'
                and owned.fingerprint = wanted.fingerprint
                then 'unchanged'
            when quarantined.fingerprint = wanted.fingerprint then 'quarantined'
            when refused.fingerprint = wanted.fingerprint then 'rejected'
            when owned.is_ours then 'update'
            else 'create'
        end as action,
        quarantined.detail
    from wanted
    left join owned using (key)
    left join quarantined using (key)
    left join refused using (key)
)

select
    (select coalesce(max(n), 0) from load_plan) + row_number() over (order by place),
    '{object}', key, action, hubspot_id, fingerprint, place, kept_at, product_id, parent_id,
    case when action = 'quarantined' then detail end
from compared
where action <> 'unchanged';

drop table load_wanted
