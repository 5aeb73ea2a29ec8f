-- What is known of earlier loads, with the contacts under their new e-mails (load_renamed).
create or replace temp view load_acknowledged as
select recorded.* replace (coalesce(renamed.key, recorded.key) as key)
from load_recorded as recorded
left join load_renamed as renamed
    on recorded.object = 'contacts' and renamed.former_key = recorded.key
anti join load_renamed as taken
    on recorded.object = 'contacts' and taken.key = recorded.key;

create or replace temp view load_associated as
select
    associated.association_type, associated.from_object, associated.from_key,
    associated.from_id, associated.to_object,
    coalesce(renamed.key, associated.to_key) as to_key,
    associated.to_id, associated.stale, associated.to_key as kept_key
from {associated} as associated
left join load_renamed as renamed
    on associated.to_object = 'contacts' and renamed.former_key = associated.to_key
