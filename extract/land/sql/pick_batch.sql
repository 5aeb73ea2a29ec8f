-- All lines of the roots from one place up to, but not including, another.
create or replace temp table incoming as
select delivered.*
from delivered
join line_places on line_places.line = delivered.rowid
where line_places.place >= getvariable('first_place')
    and line_places.place < getvariable('first_place') + getvariable('batch_size');
