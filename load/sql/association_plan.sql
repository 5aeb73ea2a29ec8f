-- Associations that HubSpot lacks, or refused between the same two records, and those that
-- another one of the same record replaced.
insert into load_association_plan
with

wanted as (
    select
        associations.*,
        from_known.hubspot_id as from_id,
        to_known.hubspot_id as to_id
    from hubspot.associations as associations
    join load_known as from_known
        on from_known.object = associations.from_object
        and from_known.key = associations.from_key
    join load_known as to_known
        on to_known.object = associations.to_object
        and to_known.key = associations.to_key
),

missing as (
    select
        case when refused.key is null then 'create' else 'rejected' end as action,
        wanted.*
    from wanted
    anti join load_associated as associated
        on associated.association_type = wanted.association_type
        and associated.from_id = wanted.from_id
        and associated.to_id = wanted.to_id
    left join load_refused as refused
        on refused.object = wanted.association_type
        and refused.key = wanted.from_key || ' > ' || wanted.to_key
        and refused.properties = wanted.from_id || ' > ' || wanted.to_id
),

replaced as (
    select
        'delete' as action, associated.from_object, associated.from_key,
        associated.to_object, associated.to_key, associated.association_type,
        associated.from_id, associated.to_id
    from load_associated as associated
    semi join wanted as successor
        on successor.association_type = associated.association_type
        and successor.from_id = associated.from_id
    anti join wanted
        on wanted.association_type = associated.association_type
        and wanted.from_id = associated.from_id
        and wanted.to_key = associated.to_key
    semi join load_known as to_known
        on to_known.hubspot_id = associated.to_id
        and to_known.object = associated.to_object
)

select
    row_number() over (order by action desc, association_type, from_key, to_key),
    action, association_type, from_object, from_key, from_id, to_object, to_key, to_id
from (select * from missing union all by name select * from replaced)
