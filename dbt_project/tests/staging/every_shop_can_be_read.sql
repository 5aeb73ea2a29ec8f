-- Every shop's own record can be read: its time zone says on which day each of its sales was.
select
    'the settings' as record,
    shop,
    unreadable || '; correct it in Shopify, then run: cartwheel sync' as detail
from {{ ref('stg_shopify__shops') }}
where unreadable is not null
