-- Each deal of an order has as its net amount, and each contact as what it spent in the home
-- currency, the sum of all sales that the ledger has of it, exactly.
with

sales as (
    select * from {{ ref('sales') }}
),

orders as (
    select * from {{ ref('orders') }}
),

home as (
    select * from {{ ref('int_home_currency') }}
),

people as (
    select * from {{ ref('people') }}
),

sales_of_orders as (
    select
        orders.shop,
        orders.order_id,
        orders.person_key,
        orders.currency,
        coalesce(sum(sales.all_sales), 0) as all_sales
    from orders
    left join sales on orders.shop = sales.shop and orders.order_id = sales.order_id
    group by orders.shop, orders.order_id, orders.person_key, orders.currency
),

sales_of_people as (
    select
        people.email,
        sum(sales_of_orders.all_sales) as all_sales
    from sales_of_orders
    inner join home on sales_of_orders.currency = home.home_currency
    inner join people on sales_of_orders.person_key = people.person_key
    group by people.email
),

compared as (
    select
        deals.shopify_deal_key as key,
        deals.shopify_net_amount as amount,
        sales_of_orders.all_sales
    from {{ ref('deals') }} as deals
    inner join sales_of_orders
        on
            deals.shopify_store = sales_of_orders.shop
            and deals.shopify_order_id = sales_of_orders.order_id
    union all
    select
        contacts.email as key,
        contacts.shopify_total_spent as amount,
        sales_of_people.all_sales
    from {{ ref('contacts') }} as contacts
    left join sales_of_people on contacts.email = sales_of_people.email
),

differing as (
    select * from compared
    where amount is distinct from all_sales
)

select * from differing
