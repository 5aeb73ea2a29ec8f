"""A shop in hubspot.* as the models would write it: as it was first, and as it is later."""

from __future__ import annotations

from pathlib import Path
from shutil import copyfile

from cartwheel.core.warehouse import open_warehouse

SHOP = "demo.myshopify.com"

# numbers of records: those of the first shop, and those that there are later
FIRST = {"products": 150, "contacts": 300, "deals": 400, "line_items": 800}
LATER = {"products": 180, "contacts": 450, "deals": 600, "line_items": 1_200}

# contacts by number, as people treat them in HubSpot between the loads (people.py)
ARCHIVED, ERASED, SHARING, EDITED = 5, 6, 7, 9
MADE_BY_HAND, IN_RECYCLE_BIN = range(300, 320), 330
MERGED, SECONDARY = "alias7@example.com", "second8@example.com"
# customers with another e-mail later, beside 220 to 229: a contact of HubSpot's has it,
# or another customer
TAKEN, JOINED, JOINING = 230, 231, 232

_PRODUCTS = f"""
insert into hubspot.products by name
select
    '{SHOP}/variant:' || n as shopify_product_key,
    'Mug ' || n as name,
    'Holds ' || n || ' ml' as description,
    4.5 + n as price,
    timestamp '2026-01-02 03:04:05' as shopify_created_at
from range(?, ?) as numbers(n)
"""

_CONTACTS = f"""
insert into hubspot.contacts by name
select
    'person' || n || '@example.com' as email,
    'Ana' || n as firstname,
    'Silva' as lastname,
    n % 2 = 0 as shopify_accepts_marketing,
    '{SHOP}:' || n as shopify_customer_ids,
    case when n % 4 > 0 then 'likes blue' end as shopify_note
from range(?, ?) as numbers(n)
"""

_DEALS = f"""
insert into hubspot.deals by name
select
    '{SHOP}/order:' || n as shopify_deal_key,
    '#' || n as dealname,
    'ecommerce' as pipeline,
    'processed' as dealstage,
    10 + n / 100 as amount,
    'GBP' as deal_currency_code,
    timestamp '2026-05-06 07:08:09' as closedate,
    'ring twice' as shopify_note,
    '{SHOP}' as shopify_store,
    'order' || n as shopify_order_id,
    'checkout' || n as shopify_checkout_id
from range(?, ?) as numbers(n)
"""

_LINE_ITEMS = f"""
insert into hubspot.line_items by name
select
    '{SHOP}/line:' || n as shopify_line_item_key,
    'Mug' as name,
    2 as quantity,
    4.5 as price,
    '{SHOP}/variant:' || n % {LATER["products"]} as shopify_product_key,
    '{SHOP}/order:' || n // 2 as shopify_deal_key
from range(?, ?) as numbers(n)
"""

_INSERTS = {
    "products": _PRODUCTS,
    "contacts": _CONTACTS,
    "deals": _DEALS,
    "line_items": _LINE_ITEMS,
}

# of all deals and line items that there are
_ASSOCIATIONS = f"""
delete from hubspot.associations;

insert into hubspot.associations
select
    'deals', shopify_deal_key, 'contacts',
    'person' || substr(dealname, 2)::int % {LATER["contacts"]} || '@example.com',
    'deal_to_contact'
from hubspot.deals
union all
select
    'line_items', shopify_line_item_key, 'deals', shopify_deal_key, 'line_item_to_deal'
from hubspot.line_items
"""

_CHANGES = f"""
update hubspot.products set price = price + 1 where price < 40;
update hubspot.products set description = null where name similar to 'Mug 2.';
update hubspot.contacts set firstname = firstname || ' Maria' where email like '%3@%';
update hubspot.contacts set firstname = 'New'
where email in ('person{ARCHIVED}@example.com', 'person{ERASED}@example.com');
update hubspot.contacts set firstname = null where email = 'person{EDITED}@example.com';
update hubspot.contacts set lastname = ' ' where email like '%7@%';
update hubspot.contacts set shopify_note = null where email like '%1@%';
update hubspot.deals set amount = amount + 5, dealstage = 'shipped' where dealname like '%4';
update hubspot.deals set shopify_note = null where dealname like '%1_';
update hubspot.line_items set quantity = 3 where shopify_line_item_key like '%5';
update hubspot.contacts set email = replace(email, 'person', 'moved')
where email similar to 'person22.@example.com' or email = 'person{TAKEN}@example.com';
delete from hubspot.contacts where email = 'person{JOINED}@example.com';
update hubspot.contacts set shopify_customer_ids = '{SHOP}:{JOINED};{SHOP}:{JOINING}'
where email = 'person{JOINING}@example.com';
insert into hubspot.contacts by name
select unnest(['{MERGED}', '{SECONDARY}', 'no mail']) as email, 'Alias' as firstname;

-- deleted: a product, deals with their lines, lines of deals that stay
insert into hubspot.tombstones
select 'products', '{SHOP}/variant:3', 'deleted', timestamp '2026-11-24 01:00:00'
union all
select 'deals', '{SHOP}/order:' || n, 'deleted', timestamp '2026-11-24 01:00:00'
from range(100, 105) as numbers(n)
union all
select 'line_items', '{SHOP}/line:' || n, 'deleted', timestamp '2026-11-24 01:00:00'
from range(50, 60) as numbers(n);
delete from hubspot.products
where shopify_product_key in (select key from hubspot.tombstones);
update hubspot.line_items set shopify_product_key = null
where shopify_product_key in (select key from hubspot.tombstones);
delete from hubspot.deals
where shopify_deal_key in (select key from hubspot.tombstones);
delete from hubspot.line_items
where shopify_line_item_key in (select key from hubspot.tombstones)
    or shopify_deal_key in (select key from hubspot.tombstones);

-- a deal that the models know by another key now
update hubspot.deals set shopify_deal_key = '{SHOP}/checkout:40' where dealname = '#40';
update hubspot.line_items set shopify_deal_key = '{SHOP}/checkout:40'
where shopify_deal_key = '{SHOP}/order:40';
"""

# deals that change hands, are nobody's any more, or are of a contact that shares a record
_MOVES = f"""
update hubspot.associations set to_key = 'person400@example.com'
where from_key similar to '{SHOP}/order:6.';
update hubspot.associations set to_key = replace(to_key, 'person', 'moved')
where to_key similar to 'person22.@example.com' or to_key = 'person{TAKEN}@example.com';
update hubspot.associations set to_key = 'person{JOINING}@example.com'
where to_key = 'person{JOINED}@example.com';
update hubspot.associations set to_key = '{MERGED}' where from_key = '{SHOP}/order:410';
delete from hubspot.associations
where from_key similar to '{SHOP}/order:7.' and to_object = 'contacts';
"""


def first_shop(empty_marts: Path, path: Path) -> Path:
    """Write the shop as it is first to a new warehouse."""
    copyfile(empty_marts, path)
    with open_warehouse(path) as connection:
        for name, insert in _INSERTS.items():
            connection.execute(insert, [0, FIRST[name]])
        connection.execute(_ASSOCIATIONS)
    return path


def change(path: Path) -> None:
    """Let a warehouse's shop become what it is later."""
    with open_warehouse(path) as connection:
        for name, insert in _INSERTS.items():
            connection.execute(insert, [FIRST[name], LATER[name]])
        connection.execute(_CHANGES)
        connection.execute(_ASSOCIATIONS)
        connection.execute(_MOVES)
