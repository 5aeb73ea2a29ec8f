with

gone as (
    select * from {{ ref('int_lines_gone') }}
),

-- in HubSpot their lines stay as they were last sent
quarantined as (
    select * from {{ ref('int_quarantined_parents') }}
),

keyed as (
    select
        ----------  ids
        gone.shop
        || case
            when gone.resource = 'order_line_items' then '/line:' else '/checkout-line:'
        end
        || gone.line_id as line_key,

        ----------  facts
        min(gone.reason) as reason,
        min(gone.deleted_at) as deleted_at
    from gone
    left join quarantined
        on
            gone.shop = quarantined.shop
            and gone.resource = quarantined.resource
            and gone.parent_id = quarantined.parent_id
    where quarantined.parent_id is null
    group by gone.shop, gone.resource, gone.line_id
)

select * from keyed
