-- The ledger of {object} takes over the values read from HubSpot, so that the plan shows them
-- as the old value and writes ours again. A property that Shopify leaves blank and that a
-- person has changed is no longer Cartwheel's: it is forgotten, never cleared.
update ops.hubspot_records as records
set
    fingerprint = null,
    properties = json_merge_patch(records.properties, patches.patch),
    answered = case
        when records.answered is not null
            then nullif(json_merge_patch(records.answered, patches.taken)::varchar, '{{}}')
    end
from (
    select
        differing.key,
        json_group_object(
            differing.property,
            case
                when json_extract_string(wanted.desired, '$."' || differing.property || '"')
                    is not null then coalesce(differing.found, '')
            end
        ) as patch,
        json_group_object(differing.property, null) as taken
    from differences_found as differing
    left join (
        select source."{key}" as key, {desired} as desired
        from load_{object} as source
        semi join differences_found as differing on differing.key = source."{key}"
    ) as wanted using (key)
    where differing.object = '{object}' and differing.property is not null
    group by differing.key
) as patches
where records.object = '{object}' and records.key = patches.key
