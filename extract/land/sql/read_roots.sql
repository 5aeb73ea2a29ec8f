-- Parents whose children were all read: a stored child not among them was deleted.
create or replace temp table read_parents as
select distinct id from incoming where level = 0;
