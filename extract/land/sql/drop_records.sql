-- Takes the records of the temporary table stale out of incoming, with everything below them.
delete from incoming
where level = 2
    and parent_id in (
        select id from incoming where level = 1 and parent_id in (select id from stale)
    );

delete from incoming
where level < 2 and coalesce(parent_id, id) in (select id from stale);
