-- The table of today's plan beside plan_of_file. Where the file has 'new' for a product's id,
-- the id that HubSpot gave since is the same: created_products are those of the file.
create or replace temp table created_products as
select own.hubspot_id
from load_acknowledged as own
semi join (
    select key from plan_of_file where object = 'products' and action = 'create'
) as planned using (key)
where own.object = 'products';

create or replace temp table plan_of_today as from plan_of_file limit 0
