-- The portals that share this database. Each tells that it is there every few seconds; who has not for a while is not counted, and removed
-- by another one later.
create table portals (
    id uuid not null,
    name varchar(128) not null,
    address varchar(256) not null,
    fingerprint bytea,
    version varchar(64) not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    constraint pk_portals primary key (id)
);

create function tell_of_portal() returns trigger language plpgsql as $$
begin
    perform pg_notify('portal_portals', '');
    return null;
end $$;

create trigger tr_portals_told after insert or delete on portals for each row execute function tell_of_portal();

-- Every portal has a picture of all nodes: what one of them changes in it the others hear of at once.
create function tell_of_node() returns trigger language plpgsql as $$
begin
    perform pg_notify('portal_nodes', '');
    return null;
end $$;

create trigger tr_nodes_told
    after insert or delete or update of name, public_key, pending_key, labels, environment_id, duty, duty_note on nodes
    for each row execute function tell_of_node();

-- In which run of the agent its numbers of events were compared last: two portals that are told of them in turn must not take the lower one
-- for a loss.
alter table nodes add column event_run uuid;
