-- Which contact gets which new e-mail: one that neither the ledger nor, as far as was looked
-- up, HubSpot has. Each once; one that a user deleted comes last.
insert into load_renamed
with

free as (
    select successors.*
    from load_successors as successors
    anti join (
        select key from load_recorded
        where object = 'contacts' and status in ('living', 'merged')
    ) as known using (key)
    left join load_looked_up as looked_up
        on looked_up.object = 'contacts' and looked_up.key = successors.key
    where looked_up.hubspot_id is null or looked_up.hubspot_id = successors.hubspot_id
),

of_the_new as (
    select * from free
    qualify row_number() over (partition by key order by status desc, former_key) = 1
)

select key, former_key, hubspot_id
from of_the_new
qualify row_number() over (partition by former_key order by key) = 1
