-- Rows of {object} to send with a value that HubSpot would refuse, as {problem} says.
update load_plan
set action = 'quarantined', problem = held_back.problem
from (
    select
        planned.n,
        {problem} as problem
    from load_plan as planned
    join load_{object} as source on source.place = planned.place
    where planned.object = '{object}' and planned.action in ('create', 'update')
) as held_back
where load_plan.n = held_back.n and held_back.problem is not null
