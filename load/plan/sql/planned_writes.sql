-- What a load would write, a row per record or association: "changes" holds each property
-- that differs with the value that HubSpot last acknowledged, as it holds it, and its new
-- one, null for blank. {records} are the planned rows of every object.
create or replace temp view planned_writes as
with

planned as (
    {records}
),

named as (
    select
        *,
        list_sort(list_distinct(list_concat(
            coalesce(json_keys(desired), []), coalesce(json_keys(kept), [])
        ))) as names
    from planned
),

compared as (
    select
        object,
        key,
        action,
        hubspot_id,
        list_transform(names, lambda name: {{
            'name': name,
            'kept': json_extract_string(kept, '$."' || name || '"'),
            'answered': json_extract_string(answered, '$."' || name || '"'),
            'new': json_extract_string(desired, '$."' || name || '"')
        }}) as properties
    from named
),

records as (
    select
        object,
        key,
        case when action in ('adopt', 'clear') then 'update' else action end as action,
        hubspot_id,
        case when action = 'delete' then [] else list_transform(
            list_filter(
                properties, lambda each: each.kept is distinct from each.new
            ),
            lambda each: {{
                'name': each.name,
                'old': nullif(coalesce(each.answered, each.kept), ''),
                'new': each.new
            }}
        ) end as changes
    from compared
),

associations as (
    select
        association_type as object,
        from_key || ' > ' || to_key as key,
        action,
        null as hubspot_id,
        [] as changes
    from load_association_plan
    where action in ('create', 'delete')
)

select * from records
union all
select * from associations
