with

shops as (
    select * from {{ ref('stg_shopify__shops') }}
),

ranked as (
    select
        currency,
        row_number() over (order by created_at, shop) as shop_rank
    from shops
),

chosen as (
    select
        {% if var('home_currency') %}
        cast('{{ var("home_currency") | replace("'", "''") }}' as string)
        {% else %}
        currency
        {% endif %}
            as home_currency
    from ranked
    where shop_rank = 1
)

select * from chosen
