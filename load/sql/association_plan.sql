-- Associations that HubSpot lacks, or refused between the same two records, and those of a
-- living record that its model no longer wants: its person or its deal is another one, or,
-- where a customer's e-mail is valid no more, nobody. A record's own absence parts nothing.
-- Those of a record that has another id since are made once more (forget_parted.sql).
create or replace temp table load_unassociated as
select associations.*
from load_associations as associations
anti join load_associated as associated
    on associated.association_type = associations.association_type
    and associated.from_key = associations.from_key
    and associated.to_key = associations.to_key
    and not associated.stale;

insert into load_association_plan
with

missing as (
    select
        case when refused.key is null then 'create' else 'rejected' end as action,
        wanted.* exclude (place),
        from_known.hubspot_id as from_id,
        to_known.hubspot_id as to_id
    from load_unassociated as wanted
    join load_known as from_known
        on from_known.object = wanted.from_object and from_known.key = wanted.from_key
    join load_known as to_known
        on to_known.object = wanted.to_object and to_known.key = wanted.to_key
    left join load_refused as refused
        on refused.object = wanted.association_type
        and refused.key = wanted.from_key || ' > ' || wanted.to_key
        and refused.fingerprint = hash(from_known.hubspot_id, to_known.hubspot_id)
),

unwanted as (
    select associated.*
    from load_associated as associated
    anti join load_associations as associations
        on associations.association_type = associated.association_type
        and associations.from_key = associated.from_key
        and associations.to_key = associated.to_key
),

sources as (
    select 'deals' as object, shopify_deal_key as key from load_deals
    union all
    select 'line_items' as object, shopify_line_item_key as key from load_line_items
),

parted as (
    select
        'delete' as action, unwanted.from_object, unwanted.from_key,
        unwanted.to_object, unwanted.to_key, unwanted.association_type,
        unwanted.from_id, unwanted.to_id
    from unwanted
    semi join sources
        on sources.object = unwanted.from_object and sources.key = unwanted.from_key
)

select
    row_number() over (order by action desc, association_type, from_key, to_key),
    action, association_type, from_object, from_key, from_id, to_object, to_key, to_id,
    hash(from_id, to_id)
from (select * from missing union all by name select * from parted)
