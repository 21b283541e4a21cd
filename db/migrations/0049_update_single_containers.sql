-- Containers of no stack that are replaced by ones of a newer image: how far each is, so that whichever portal goes on ends in the new or the old one.
create table container_updates (
    id uuid not null,
    node_id uuid not null,
    node_name varchar(256) not null,
    container_id varchar(128) not null,
    name varchar(256) not null,
    image varchar(1024) not null,
    actor_id uuid not null,
    actor_name varchar(256) not null,
    address varchar(64) not null,
    reach text[] not null,
    state varchar(16) not null,
    phase varchar(16) not null,
    was_running boolean not null,
    successor_id varchar(128) not null,
    message varchar(1024) not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    claim uuid,
    claimed_until timestamptz,
    constraint pk_container_updates primary key (id)
);

create unique index ux_container_updates_node_id_container_id on container_updates (node_id, container_id) where finished_at is null;
create index ix_container_updates_created_at on container_updates (created_at);
