-- The rows of {object} that the plan holds back; record is what a person calls one.
select
    planned.object,
    planned.action as fate,
    planned.key,
    ({record})::varchar as record,
    planned.key as source_id,
    case planned.action
        when 'quarantined' then split_part(planned.problem, ':', 1)
        when 'rejected' then refused.category
        else case known.status
            when 'deleted_in_hubspot' then '{deleted}'
            when 'merged' then 'merged with another contact in HubSpot'
            else 'its deal is not in HubSpot'
        end
    end as reason,
    case planned.action
        when 'quarantined' then planned.problem
        when 'rejected' then refused.reason
    end as detail,
    planned.action = 'skipped'
    or (planned.action = 'rejected' and refused.category = 'INVALID_EMAIL') as is_ordinary,
    case when planned.action = 'rejected' then refused.request_id end as request_id
from load_plan as planned
left join load_{object} as source on source.place = planned.place
left join load_rejected as refused
    on refused.object = planned.object and refused.key = planned.key
left join load_acknowledged as known
    on known.object = planned.object and known.key = planned.key
where planned.object = '{object}'
    and planned.action in ('quarantined', 'rejected', 'skipped')
