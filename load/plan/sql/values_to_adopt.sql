-- The planned rows of {object} in load_window with what is sent to a record that HubSpot has
-- already, without the key and what only created records get, and the values that it had.
create or replace temp view load_{object}_to_adopt as
with

values_to_send as materialized (
    select
        * exclude (desired, kept),
        list_filter(
            map_entries(desired::json::map(varchar, varchar)),
            lambda each: each.key <> '{key}'
                and not list_contains({only_created}, each.key || '=' || each.value)
        ) as sent
    from load_{object}_to_create
)

select
    sending.* exclude (sent, answered),
    to_json(map_from_entries(sending.sent))::varchar as desired,
    to_json(map_from_entries(list_filter(
        map_entries(looked_up.properties::json::map(varchar, varchar)),
        lambda each: list_contains(list_transform(sending.sent, lambda one: one.key), each.key)
    )))::varchar as kept,
    sending.answered
from values_to_send as sending
join load_looked_up as looked_up
    on looked_up.object = '{object}' and looked_up.key = sending.key
