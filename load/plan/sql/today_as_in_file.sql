-- The plan of today of {object} as plan_of_file has the file's, an object at a time for the memory.
insert into plan_of_today
with

planned as (
    select
        object, key, action, hubspot_id, changes,
        case when object = 'line_items' then list_filter(
            changes, lambda each: each.name = 'hs_product_id'
        )[1].new end as product_id
    from planned_writes
    where object = '{object}'
),

today as (
    select
        planned.object, planned.key, planned.action, planned.hubspot_id,
        case when planned.product_id in (from created_products) then list_transform(
            planned.changes,
            lambda each: {{
                'name': each.name,
                'old': each.old,
                'new': case when each.name = 'hs_product_id' then 'new' else each.new end
            }}
        ) else planned.changes end as changes
    from planned
)

select {digested} from today
