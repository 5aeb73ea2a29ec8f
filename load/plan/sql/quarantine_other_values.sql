-- Planned rows of {object} whose {property} is not one of those that HubSpot would take.
update load_plan
set
    action = 'quarantined',
    problem = 'INVALID_OPTION: {property} is not one of the options that HubSpot has'
from load_{object} as source
where
    source.place = load_plan.place
    and load_plan.object = '{object}'
    and load_plan.action in ('create', 'update')
    and trim(source."{property}"::varchar) <> ''
    and not list_contains(?::varchar[], source."{property}"::varchar)
