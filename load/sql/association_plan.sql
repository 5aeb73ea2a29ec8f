-- Associations that HubSpot lacks, or refused between the same two records, and those of a
-- living record that its model no longer wants: its person or its deal is another one, or,
-- where a customer's e-mail is valid no more, nobody. A record's own absence parts nothing.
insert into load_association_plan
with

wanted as (
    select
        associations.*,
        from_known.hubspot_id as from_id,
        to_known.hubspot_id as to_id
    from load_associations as associations
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
        and refused.fingerprint = hash(wanted.from_id, wanted.to_id)
),

sources as (
    select 'deals' as object, shopify_deal_key as key from load_deals
    union all
    select 'line_items' as object, shopify_line_item_key as key from load_line_items
),

parted as (
    select
        'delete' as action, associated.from_object, associated.from_key,
        associated.to_object, associated.to_key, associated.association_type,
        associated.from_id, associated.to_id
    from load_associated as associated
    semi join sources
        on sources.object = associated.from_object
        and sources.key = associated.from_key
    anti join load_associations as associations
        on associations.association_type = associated.association_type
        and associations.from_key = associated.from_key
        and associations.to_key = associated.to_key
    semi join load_known as to_known
        on to_known.hubspot_id = associated.to_id
        and to_known.object = associated.to_object
)

select
    row_number() over (order by action desc, association_type, from_key, to_key),
    action, association_type, from_object, from_key, from_id, to_object, to_key, to_id,
    hash(from_id, to_id)
from (select * from missing union all by name select * from parted)
