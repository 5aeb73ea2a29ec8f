-- A deal has exactly one contact where its person has a valid e-mail, and none
-- elsewhere.
with

deals as (
    select * from {{ ref('int_deals') }}
),

links as (
    select
        from_key as deal_key,
        count(*) as contacts
    from {{ ref('associations') }}
    where association_type = 'deal_to_contact'
    group by from_key
),

differing as (
    select
        deals.deal_key,
        deals.email,
        coalesce(links.contacts, 0) as contacts
    from deals
    left join links on deals.deal_key = links.deal_key
    where
        coalesce(links.contacts, 0)
        <> case when deals.email is null then 0 else 1 end
)

select * from differing
