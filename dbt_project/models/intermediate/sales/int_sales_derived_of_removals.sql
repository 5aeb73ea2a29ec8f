{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

line_amounts as (
    select * from {{ ref('int_sales_derived_line_amounts') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

refunded as (
    select
        shop,
        order_line_id,
        sum(quantity) as quantity,
        sum(total_amount) as total_amount,
        sum(tax_amount) as tax_amount
    from {{ ref('int_sales_derived_of_refunds') }}
    where order_line_id is not null
    group by shop, order_line_id
),

left_over as (
    select
        shop,
        line_amounts.order_id,
        order_line_id,
        orders.cancelled_at,
        line_amounts.line_type,
        line_amounts.quantity,
        line_amounts.current_quantity,
        line_amounts.currency,
        currencies.minor_units,
        line_amounts.total_amount,
        line_amounts.tax_amount,
        line_amounts.quantity
        + coalesce(refunded.quantity, 0)
        - line_amounts.current_quantity as removed_quantity,
        coalesce(refunded.total_amount, 0) as refunded_amount,
        coalesce(refunded.tax_amount, 0) as refunded_tax
    from line_amounts
    inner join orders using (shop, order_id)
    left join refunded using (shop, order_line_id)
    left join currencies on line_amounts.currency = currencies.currency
),

removed as (
    select
        ----------  ids
        shop,
        order_id,
        'derived-removal-' || order_line_id as sale_id,
        case when cancelled_at is null then 'OrderEditAgreement' else 'ReturnAgreement' end
            as agreement_type,
        'derived-' || order_id as agreement_id,
        order_line_id,

        ----------  facts
        'RETURN' as action_type,
        line_type,
        cast(-removed_quantity as bigint) as quantity,

        ----------  money: what the units that are left cost, less what was there before
        currency,
        {{ money_share('total_amount', 'current_quantity', 'quantity', 'left_over') }}
        - total_amount - refunded_amount as total_amount,
        cast(0 as decimal(18, 4)) as discount_amount,
        {{ money_share('tax_amount', 'current_quantity', 'quantity', 'left_over') }}
        - tax_amount - refunded_tax as tax_amount
    from left_over
    where removed_quantity > 0
)

select * from removed
