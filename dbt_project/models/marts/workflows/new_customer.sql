with

enrolments as (
    select * from {{ ref('int_enrolments_with_person') }}
    where workflow = 'new_customer'
),

deal_keys as (
    select * from {{ ref('int_deal_keys_of_orders') }}
),

orders as (
    select * from {{ ref('orders') }}
),

people as (
    select * from {{ ref('people') }}
),

redacted as (
    select distinct person_key from {{ ref('int_customers_redacted') }}
),

audience as (
    select
        ----------  ids
        enrolments.shop,
        deal_keys.deal_key as shopify_deal_key,
        enrolments.cause_id as order_id,
        enrolments.person_key,
        people.email,

        ----------  enrolment
        enrolments.entered_at,
        coalesce(orders.cancelled_at, enrolments.deleted_at) as left_at,
        not coalesce(orders.is_cancelled, false) and enrolments.deleted_at is null
            as is_enrolled,
        {{ why_not_mailable('people.email', 'people.accepts_marketing') }}
            as why_not_mailable,
        case
            when enrolments.deleted_at is not null then 'order deleted'
            when orders.is_cancelled then 'cancelled: order ' || orders.order_name
            else 'first purchase' || coalesce(': order ' || orders.order_name, '')
        end as reason
    from enrolments
    inner join deal_keys
        on
            enrolments.shop = deal_keys.shop
            and enrolments.cause_id = deal_keys.order_id
    left join orders
        on
            enrolments.shop = orders.shop
            and enrolments.cause_id = orders.order_id
    left join people on enrolments.person_key = people.person_key
    left join redacted on enrolments.person_key = redacted.person_key
    where redacted.person_key is null
),

judged as (
    select
        *,
        why_not_mailable is null as can_be_mailed
    from audience
)

select * from judged
