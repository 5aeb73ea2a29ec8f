with

order_lines as (
    select * from {{ ref('order_lines') }}
    where not is_tip
),

totals as (
    select
        ----------  ids
        shop,
        order_id,

        ----------  facts
        sum(case when current_quantity > 0 then 1 else 0 end) as line_count,
        sum(current_quantity) as units,

        ----------  money
        sum(line_price) as line_price
    from order_lines
    group by shop, order_id
)

select * from totals
