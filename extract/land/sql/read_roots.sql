-- Whose children were read, whole: a child that is held and not among them is gone.
create or replace temp table read_parents as
select distinct id from incoming where level = 0;
