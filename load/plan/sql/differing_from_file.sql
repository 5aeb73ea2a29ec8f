-- The records of the plan, or of its file (plan_of_file), that the other does not have. What an
-- interrupted load of the file did does not differ: a record of the file that is no longer
-- planned, if HubSpot acknowledged exactly the file's values, or if the marts still say them and
-- the record is held back by now. {held_back} are the rows that the plan holds back, with their
-- values; the file is read again for the values of what is missing.
with

held_back as (
    {held_back}
),

missing as (
    select of_file.object, of_file.key, of_file.action, of_file.changes
    from ({of_file}) as of_file
    semi join no_longer_planned using (object, key, action)
),

known as (
    select
        missing.*,
        own.status,
        coalesce(
            held_back.desired,
            case when own.status = 'living' then own.properties end
        )::json::map(varchar, varchar) as properties
    from missing
    left join load_acknowledged as own
        on own.object = missing.object and own.key = missing.key
    left join held_back
        on held_back.object = missing.object and held_back.key = missing.key
),

compared as (
    select
        known.*,
        case
            when known.action = 'delete' then known.status is distinct from 'living'
            else coalesce(len(list_filter(
                known.changes,
                lambda each: nullif(each.new, '') is distinct from case
                    when each.name = 'hs_product_id' and created.hubspot_id is not null
                        then 'new'
                    else nullif(known.properties[each.name], '')
                end
            )) = 0 and known.properties is not null, false)
        end as is_done
    from known
    left join created_products as created
        on known.object = 'line_items'
        and created.hubspot_id = known.properties['hs_product_id']
),

associations_done as (
    select missing.object, missing.key
    from no_longer_planned as missing
    semi join load_associations as wanted
        on wanted.association_type = missing.object
        and wanted.from_key || ' > ' || wanted.to_key = missing.key
    where missing.action = 'create'

    union all

    select missing.object, missing.key
    from no_longer_planned as missing
    anti join load_associated as associated
        on associated.association_type = missing.object
        and associated.from_key || ' > ' || associated.to_key = missing.key
    where missing.action = 'delete'
        and missing.object in (select unnest(?::varchar[]))
),

differing as (
    select object, key from (from plan_of_today except all from plan_of_file)
    union all
    select compared.object, compared.key
    from compared
    anti join associations_done using (object, key)
    where not (compared.is_done and compared.object not in (select unnest(?::varchar[])))
)

select object, key, count(*) over ()
from differing
group by object, key
order by object, key
limit 1
