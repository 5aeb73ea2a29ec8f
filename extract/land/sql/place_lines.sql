-- Sets the lines of a large delivery aside, each with the place of its root in the file.
alter table incoming rename to delivered;

create or replace temp table root_places as
select
    id,
    row_number() over (order by min(rowid)) - 1 as place
from delivered
where level = 0
group by id;

create or replace temp table line_places as
select
    lines.rowid as line,
    root_places.place
from delivered as lines
left join delivered as parents
    on lines.level = 2 and parents.id = lines.parent_id and parents.level = 1
join root_places
    on root_places.id = case lines.level
        when 0 then lines.id
        when 1 then lines.parent_id
        else parents.parent_id
    end;
