-- Hosts that have joined, leaves to join, and what happened on the hosts.

create table nodes (
    id uuid not null,
    name varchar(128) not null,
    public_key bytea not null,
    hostname varchar(128) not null,
    agent_version varchar(64) not null,
    labels jsonb not null,
    joined_at timestamptz not null,
    event_epoch integer not null,
    last_sequence bigint not null,
    constraint pk_nodes primary key (id)
);

create unique index ux_nodes_name on nodes (name);

-- Only the hash of a token's secret is kept: whoever reads this table can't join with it.
create table join_tokens (
    id uuid not null,
    secret_hash bytea not null,
    note varchar(256) not null,
    uses_left integer not null,
    expires_at timestamptz not null,
    labels jsonb not null,
    created_by uuid not null,
    created_at timestamptz not null,
    constraint pk_join_tokens primary key (id)
);

-- An epoch begins when a node's numbers begin anew, so that no event hides behind an older one of the same number.
create table node_events (
    node_id uuid not null,
    epoch integer not null,
    sequence bigint not null,
    at timestamptz not null,
    type varchar(32) not null,
    action varchar(128) not null,
    actor_id varchar(512) not null,
    attributes jsonb not null,
    constraint pk_node_events primary key (node_id, epoch, sequence),
    constraint fk_node_events_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade
);

create index ix_node_events_node_id_at on node_events (node_id, at);
