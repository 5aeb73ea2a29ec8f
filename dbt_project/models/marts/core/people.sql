with

people as (
    select * from {{ ref('int_people_merged') }}
),

records as (
    select * from {{ ref('int_person_records') }}
),

exploded_tags as (
    select
        person_key,
        {{ exploded('tag_list') }} as tag
    from records
),

tags as (
    select
        person_key,
        {{ joined_distinct('tag') }} as tags
    from exploded_tags
    group by person_key
),

histories as (
    select * from {{ ref('int_people_with_orders') }}
),

sales as (
    select * from {{ ref('int_people_with_sales') }}
),

described as (
    select
        ----------  ids
        person_key,
        people.email,
        coalesce(histories.orders, 0) as orders,
        cast(coalesce(sales.net_sales, 0) as decimal(18, 4)) as net_sales,
        histories.first_order_at,
        histories.last_order_at,
        histories.last_order_date,
        people.customer_ids,
        people.shops,

        ----------  who
        people.first_name,
        people.last_name,
        people.phone,
        people.address1,
        people.address2,
        people.city,
        people.province,
        people.zip,
        people.country,
        people.created_at,
        people.updated_at,
        people.accepts_marketing,
        people.sms_marketing_state,
        people.note,
        tags.tags,
        people.tax_exempt,
        people.verified_email,

        ----------  what they bought
        coalesce(sales.orders_placed, 0) as orders_placed,
        cast(coalesce(sales.total_sales, 0) as decimal(18, 4)) as total_sales,
        sales.average_order_value,
        histories.first_order_name,
        histories.first_order_value,
        histories.last_order_name,
        histories.last_order_value,
        histories.median_days_between_orders,

        ----------  where they came from
        people.is_initial_import,
        histories.first_source_1,
        histories.first_source_2
    from people
    left join tags using (person_key)
    left join histories using (person_key)
    left join sales using (person_key)
)

select * from described
