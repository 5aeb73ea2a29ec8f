-- Contacts to create that HubSpot already has: updates of its records.
update load_plan
set action = 'adopt', hubspot_id = looked_up.hubspot_id
from load_looked_up as looked_up
where load_plan.object = 'contacts' and load_plan.action = 'create'
    and looked_up.object = load_plan.object and looked_up.key = load_plan.key
    and looked_up.hubspot_id is not null
