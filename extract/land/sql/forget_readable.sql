-- Records that land now are removed from the unreadable ones.
delete from ops.unreadable_records
where shop = getvariable('shop')
    and resource = getvariable('resource')
    and id in (select id from incoming where level = 0);
