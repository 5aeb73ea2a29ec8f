-- Associations of a kind that the model of a living record no longer wants: its person or deal
-- has changed, or there is none, since a customer's e-mail is no longer valid. An absent record
-- alone removes no association.
create or replace temp table load_unwanted as
select associated.*
from load_associated as associated
anti join load_associations as associations
    on associations.association_type = '{kind}'
    and associations.from_key = associated.from_key
    and associations.to_key = associated.to_key
where associated.association_type = '{kind}';

insert into load_association_plan
select
    (select coalesce(max(n), 0) from load_association_plan)
        + row_number() over (order by unwanted.from_key, unwanted.to_key),
    'delete', '{kind}', unwanted.from_object, unwanted.from_key, unwanted.from_id,
    unwanted.to_object, unwanted.kept_key, unwanted.to_id,
    hash(unwanted.from_id, unwanted.to_id)
from load_unwanted as unwanted
semi join load_{from_object} as source on source."{from_column}" = unwanted.from_key;

drop table load_unwanted
