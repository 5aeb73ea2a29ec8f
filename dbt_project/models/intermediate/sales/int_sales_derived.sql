{{ config(materialized='changed_rows') }}

with

entries as (
    select * from {{ ref('int_sales_derived_of_lines') }}
    union all
    select * from {{ ref('int_sales_derived_of_charges') }}
    union all
    select * from {{ ref('int_sales_derived_of_refunds') }}
    union all
    select * from {{ ref('int_sales_derived_of_removals') }}
    union all
    select * from {{ ref('int_sales_derived_of_balances') }}
),

typed as (
    select
        ----------  ids
        shop,
        order_id,
        sale_id,
        agreement_type,
        agreement_id,
        order_line_id,

        ----------  facts
        action_type,
        line_type,
        quantity,

        ----------  money, in the shop's currency; negative on a return
        currency,
        cast(total_amount as decimal(18, 4)) as total_amount,
        cast(discount_amount as decimal(18, 4)) as discount_amount,
        cast(tax_amount as decimal(18, 4)) as tax_amount
    from entries
)

select * from typed
