{{ config(materialized='changed_rows') }}

with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

line_amounts as (
    select * from {{ ref('int_sales_derived_line_amounts') }}
),

summed as (
    select
        shop,
        order_id,
        line_amounts.order_line_id,
        line_amounts.line_type,
        line_amounts.quantity,
        line_amounts.currency,
        line_amounts.total_amount,
        line_amounts.discount_amount,
        line_amounts.tax_amount,
        orders.order_total - orders.original_total as added_later,
        sum(line_amounts.total_amount) over (
            partition by line_amounts.shop, line_amounts.order_id
            order by {{ id_order('line_amounts.order_line_id') }} desc
            rows between unbounded preceding and current row
        ) as from_here_on
    from line_amounts
    inner join orders using (shop, order_id)
),

compared as (
    select
        *,
        max(case when from_here_on = added_later then 1 else 0 end) over (
            partition by shop, order_id
        ) as is_explained_by_last_lines
    from summed
),

dated as (
    select
        ----------  ids
        shop,
        order_id,
        'derived-line-' || order_line_id as sale_id,
        case
            when
                is_explained_by_last_lines = 1 and from_here_on - total_amount < added_later
                then 'OrderEditAgreement'
            else 'OrderAgreement'
        end as agreement_type,
        'derived-' || order_id as agreement_id,
        order_line_id,

        ----------  facts
        'ORDER' as action_type,
        line_type,
        quantity,

        ----------  money, in the shop's currency
        currency,
        total_amount,
        discount_amount,
        tax_amount
    from compared
)

select * from dated
