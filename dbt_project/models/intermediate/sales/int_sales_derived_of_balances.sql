with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

agreements as (
    select * from {{ ref('int_agreements_derived') }}
),

entries as (
    select * from {{ ref('int_sales_derived_of_lines') }}
    union all
    select * from {{ ref('int_sales_derived_of_charges') }}
    union all
    select * from {{ ref('int_sales_derived_of_refunds') }}
    union all
    select * from {{ ref('int_sales_derived_of_removals') }}
),

entered as (
    select
        shop,
        order_id,
        sum(total_amount) as total_amount,
        sum(tax_amount) as tax_amount,
        min(case when line_type = 'FEE' then 'FEE' else 'UNKNOWN' end) as line_type
    from entries
    group by shop, order_id
),

open as (
    select
        shop,
        order_id,
        orders.currency,
        orders.all_sales - coalesce(entered.total_amount, 0) as open_amount,
        orders.current_taxes - coalesce(entered.tax_amount, 0) as open_tax,
        coalesce(entered.line_type, 'UNKNOWN') as line_type
    from orders
    left join entered using (shop, order_id)
),

ranked as (
    select
        shop,
        order_id,
        agreements.agreement_type,
        agreements.agreement_id,
        row_number() over (
            partition by agreements.shop, agreements.order_id
            order by
                case
                    when agreements.agreement_type = 'OrderEditAgreement'
                        then case when orders.edited then 0 else 3 end
                    when agreements.agreement_type = 'RefundAgreement' then 1
                    when agreements.agreement_type = 'ReturnAgreement' then 2
                    else 4
                end,
                agreements.happened_at desc,
                agreements.agreement_id desc
        ) as place
    from agreements
    inner join orders using (shop, order_id)
),

balances as (
    select
        ----------  ids
        open.shop,
        open.order_id,
        'derived-balance-' || open.order_id as sale_id,
        ranked.agreement_type,
        ranked.agreement_id,
        cast(null as string) as order_line_id,

        ----------  facts
        'RETURN' as action_type,
        open.line_type,
        cast(null as bigint) as quantity,

        ----------  money, in the shop's currency
        open.currency,
        open.open_amount as total_amount,
        cast(0 as decimal(18, 4)) as discount_amount,
        open.open_tax as tax_amount
    from open
    inner join ranked using (shop, order_id)
    where ranked.place = 1 and (open.open_amount <> 0 or open.open_tax <> 0)
)

select * from balances
