with

orders as (
    select * from {{ ref('orders') }}
),

deals as (
    select * from {{ ref('int_deals') }}
),

people as (
    select * from {{ ref('people') }}
),

redacted as (
    select * from {{ ref('int_customers_redacted') }}
),

audience as (
    select
        ----------  ids
        orders.shop,
        deals.deal_key as shopify_deal_key,
        orders.order_id,
        orders.person_key,
        orders.email,

        ----------  enrolment
        orders.processed_at as entered_at,
        {{ why_not_mailable('orders.email', 'people.accepts_marketing') }}
            as why_not_mailable,
        'first purchase: order ' || orders.order_name as reason
    from orders
    inner join deals
        on orders.shop = deals.shop and orders.order_id = deals.order_id
    left join people on orders.person_key = people.person_key
    left join redacted on orders.person_key = redacted.person_key
    where orders.is_first_order and redacted.person_key is null
),

judged as (
    select
        *,
        why_not_mailable is null as can_be_mailed
    from audience
)

select * from judged
