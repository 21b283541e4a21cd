-- Each entry carries a keyed hash over itself and the entry before it, so that a change by whoever has the database alone is found. Entries of
-- earlier versions have none: the chain begins after them.
alter table audit_log add column hash bytea;

-- Old entries may go, when the portal says so for one transaction; it leaves an anchor from which the rest can be checked.
create or replace function refuse_audit_change() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and current_setting('portal.audit_retention', true) = 'on' then
        return old;
    end if;

    raise exception 'The audit log is append-only: % is refused.', lower(tg_op)
        using errcode = 'insufficient_privilege';
end
$$;
