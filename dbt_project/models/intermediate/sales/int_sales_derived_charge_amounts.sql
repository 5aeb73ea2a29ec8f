with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

order_charges as (
    select * from {{ ref('stg_shopify__order_charges') }}
),

shipping_taxes as (
    select * from {{ ref('int_sales_derived_shipping_taxes') }}
),

entries as (
    select * from {{ ref('int_sales_derived_of_lines') }}
    union all
    select * from {{ ref('int_sales_derived_of_refunds') }}
    union all
    select * from {{ ref('int_sales_derived_of_removals') }}
),

entered as (
    select
        shop,
        order_id,
        sum(case when action_type = 'ORDER' then total_amount else 0 end) as sold,
        sum(case when action_type = 'ORDER' then tax_amount else 0 end) as taxed,
        sum(case when action_type = 'RETURN' then total_amount else 0 end) as taken_back,
        sum(case when action_type = 'RETURN' then tax_amount else 0 end) as tax_taken_back
    from entries
    group by shop, order_id
),

charged as (
    select
        orders.shop,
        orders.order_id,
        orders.currency,
        order_charges.shipping_price,
        coalesce(order_charges.shipping_price, 0) as shipping,
        coalesce(order_charges.duties, 0) as duties,
        case when orders.taxes_included then 0 else 1 end as tax_on_top,
        -- the total as ordered says nothing of what an edit changed: there, what is left now
        case
            when orders.edited then orders.all_sales - coalesce(entered.taken_back, 0)
            else orders.original_total
        end - coalesce(entered.sold, 0) as beside_lines,
        case
            when orders.edited then orders.current_taxes - coalesce(entered.tax_taken_back, 0)
            else orders.total_tax
        end - coalesce(entered.taxed, 0) as open_tax,
        coalesce(shipping_taxes.tax_amount, 0) as shipping_tax_by_rates
    from orders
    inner join order_charges using (shop, order_id)
    left join entered using (shop, order_id)
    left join shipping_taxes using (shop, order_id)
),

taxed as (
    select
        *,
        case
            when shipping_price is null then 0
            -- tax beside that of the lines is the shipping's, unless there is a fee as well
            when beside_lines = shipping + duties + tax_on_top * open_tax then open_tax
            else least(shipping_tax_by_rates, open_tax)
        end as shipping_tax
    from charged
),

split as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        shipping_price is not null as is_shipped,

        ----------  money, in the shop's currency
        currency,
        shipping + tax_on_top * shipping_tax as shipping_amount,
        shipping_tax,
        duties,
        beside_lines - duties - shipping - tax_on_top * shipping_tax as fee_amount,
        open_tax - shipping_tax as fee_tax
    from taxed
)

select * from split
