{{ config(materialized='changed_rows') }}

with

charge_amounts as (
    select * from {{ ref('int_sales_derived_charge_amounts') }}
),

charges as (
    select
        *,
        'SHIPPING' as line_type,
        shipping_amount as total_amount,
        shipping_tax as tax_amount
    from charge_amounts
    where is_shipped
    union all
    select
        *,
        'DUTY' as line_type,
        duties as total_amount,
        0 as tax_amount
    from charge_amounts
    where duties <> 0
    union all
    select
        *,
        'FEE' as line_type,
        fee_amount as total_amount,
        fee_tax as tax_amount
    from charge_amounts
    where fee_amount <> 0 or fee_tax <> 0
),

dated as (
    select
        ----------  ids
        shop,
        order_id,
        'derived-' || lower(line_type) || '-' || order_id as sale_id,
        'OrderAgreement' as agreement_type,
        'derived-' || order_id as agreement_id,
        cast(null as string) as order_line_id,

        ----------  facts
        'ORDER' as action_type,
        line_type,
        cast(null as bigint) as quantity,

        ----------  money, in the shop's currency
        currency,
        total_amount,
        cast(0 as decimal(18, 4)) as discount_amount,
        tax_amount
    from charges
)

select * from dated
