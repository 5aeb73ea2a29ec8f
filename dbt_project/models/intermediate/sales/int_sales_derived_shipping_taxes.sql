{%- set whole = '100000000' %}

with

orders as (
    select * from {{ ref('int_orders_without_agreements') }}
),

order_charges as (
    select * from {{ ref('stg_shopify__order_charges') }}
),

currencies as (
    select * from {{ ref('currencies') }}
),

shipped as (
    select
        orders.shop,
        orders.order_id,
        currencies.minor_units,
        orders.taxes_included,
        order_charges.shipping_price,
        order_charges.tax_lines
    from order_charges
    inner join orders using (shop, order_id)
    left join currencies on orders.currency = currencies.currency
    where order_charges.shipping_price is not null
),

exploded_taxes as (
    select
        *,
        {{ exploded('tax_lines') }} as tax_line
    from shipped
),

rates as (
    select
        *,
        {{ to_rate('tax_line.rate') }} as rate,
        sum({{ to_rate('tax_line.rate') }}) over (partition by shop, order_id) as all_rates
    from exploded_taxes
),

taxed as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  money, each tax rounded by itself
        sum({{ money_share(
            'shipping_price',
            'rate',
            '(' ~ whole ~ ' + case when taxes_included then all_rates else 0 end)',
            'rates'
        ) }}) as tax_amount
    from rates
    group by shop, order_id
)

select * from taxed
