-- Builds of images, while they run and after their end. People and nodes may be gone: their names stay.
create table builds (
    id uuid not null,
    owner_id uuid not null,
    owner_name varchar(256) not null,
    node_id uuid not null,
    node_name varchar(256) not null,
    title varchar(512) not null,
    source varchar(1024) not null,
    target varchar(256) not null,
    state varchar(16) not null,
    started_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    steps integer not null,
    cached_steps integer not null,
    size_bytes bigint,
    error varchar(4096) not null,
    detail jsonb not null,
    constraint pk_builds primary key (id)
);

create index ix_builds_started_at on builds (started_at);
create index ix_builds_owner_id_started_at on builds (owner_id, started_at);
