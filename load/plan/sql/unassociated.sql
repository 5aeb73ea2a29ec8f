-- Associations of a kind that HubSpot lacks. Those of a record that now has another id are made
-- again (load/ledger/sql/forget_lost_associations.sql).
insert into load_unassociated
select associations.association_type, associations.place, associations.from_key,
    associations.to_key
from load_associations as associations
anti join load_associated as associated
    on associated.association_type = '{kind}'
    and associated.from_key = associations.from_key
    and associated.to_key = associations.to_key
    and not associated.stale
where associations.association_type = '{kind}'
