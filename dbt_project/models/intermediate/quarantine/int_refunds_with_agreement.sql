with

returns as (
    select distinct
        shop,
        order_id
    from {{ ref('stg_shopify__order_agreements') }}
    where agreement_type = 'ReturnAgreement'
),

with_agreement as (
    select
        ----------  ids
        refunds.shop,
        refunds.order_id,
        refunds.refund_id,
        agreements.agreement_type,
        agreements.agreement_id,

        ----------  facts
        orders.taxes_included,

        ----------  money
        refunds.refunded_duties
    from {{ ref('stg_shopify__refunds') }} as refunds
    inner join {{ ref('stg_shopify__order_agreements') }} as agreements using (shop, refund_id)
    inner join {{ ref('int_agreements_with_day') }} as counted
        on
            agreements.shop = counted.shop
            and agreements.agreement_type = counted.agreement_type
            and agreements.agreement_id = counted.agreement_id
    inner join {{ ref('orders') }} as orders
        on
            refunds.shop = orders.shop
            and refunds.order_id = orders.order_id
    left join returns
        on
            refunds.shop = returns.shop
            and refunds.order_id = returns.order_id
    where returns.order_id is null
)

select * from with_agreement
