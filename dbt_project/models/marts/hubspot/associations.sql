with

deals as (
    select * from {{ ref('int_deals') }}
),

lines as (
    select * from {{ ref('int_deal_lines') }}
),

-- a contact that is quarantined keeps its deals
contacts as (
    select * from {{ ref('people') }}
    where email is not null
),

deal_to_contact as (
    select
        'deals' as from_object,
        deals.deal_key as from_key,
        'contacts' as to_object,
        contacts.email as to_key,
        'deal_to_contact' as association_type
    from deals
    inner join contacts on deals.email = contacts.email
),

line_item_to_deal as (
    select
        'line_items' as from_object,
        line_key as from_key,
        'deals' as to_object,
        deal_key as to_key,
        'line_item_to_deal' as association_type
    from lines
),

associations as (
    select * from deal_to_contact
    union all
    select * from line_item_to_deal
)

select * from associations
