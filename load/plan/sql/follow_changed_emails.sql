-- The ledger keeps a contact under its new e-mail. Its acknowledged values stay, the old e-mail
-- among them, so that the next plan sends the new one.
delete from ops.hubspot_records as records
using load_renamed as renamed
where records.object = 'contacts' and records.key = renamed.key;

update ops.hubspot_records as records
set key = renamed.key, fingerprint = null
from load_renamed as renamed
where records.object = 'contacts' and records.key = renamed.former_key;

update ops.hubspot_associations as associations
set to_key = renamed.key
from load_renamed as renamed
where associations.to_object = 'contacts' and associations.to_key = renamed.former_key;
