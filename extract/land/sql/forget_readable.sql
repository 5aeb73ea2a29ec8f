-- What lands well is no longer among what cannot be read.
delete from ops.unreadable_records
where shop = getvariable('shop')
    and resource = getvariable('resource')
    and id in (select id from incoming where level = 0);
