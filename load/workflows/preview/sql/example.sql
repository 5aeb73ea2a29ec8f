-- whom of an audience a preview is for: with items to show, to be mailed, with a few items that
-- mostly have pictures, and the newest of those
with purchases as (
    select associations.to_key as email, deals.shopify_deal_key as deal
    from hubspot.deals as deals
    inner join hubspot.associations as associations
        on associations.from_key = deals.shopify_deal_key
        and associations.association_type = 'deal_to_contact'
    where deals.dealstage in ({purchase_stages})
    qualify row_number() over (
        partition by associations.to_key
        order by deals.closedate desc nulls last, deals.shopify_deal_key
    ) = 1
),

enrolled_deals as (
    select from_key as deal, to_key as email
    from hubspot.associations
    where association_type = 'deal_to_contact'
),

items as (
    select
        associations.to_key as deal,
        count(*) as number,
        count(source.shopify_image_url) as pictures
    from hubspot.associations as associations
    inner join hubspot.line_items as source
        on associations.from_key = source.shopify_line_item_key
    where associations.association_type = 'line_item_to_deal'
    group by associations.to_key
)

select contacts.email, {enrolled_deal}, audience.{key}
from workflows.{workflow} as audience
inner join hubspot.contacts as contacts on contacts.email = audience.email
{shown}
left join items on items.deal = shown.deal
where is_enrolled
order by
    coalesce(items.number, 0) > 0 desc,
    audience.can_be_mailed desc,
    coalesce(items.number, 0) between 2 and 5 desc,
    coalesce(2 * items.pictures > items.number, false) desc,
    audience.entered_at desc,
    shown.deal
limit 1
