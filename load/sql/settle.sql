-- Of the rows to update, those whose values are the acknowledged ones after all (a blank
-- written another way, a fingerprint of another version); of those to send, the ones with a
-- text that HubSpot would refuse for its length.
update load_plan
set action = 'same'
from load_{object}_to_change as compared
where load_plan.n = compared.n
    and compared.action = 'update'
    and compared.desired = compared.acknowledged;

update load_plan
set action = 'rejected', problem = long.problem
from (
    select
        planned.n,
        {problem} as problem
    from load_plan as planned
    join load_{object} as source on source.place = planned.place
    where planned.object = '{object}' and planned.action in ('create', 'update')
) as long
where load_plan.n = long.n and long.problem is not null
