-- Whether an administrator looks at each host that comes with this token before it becomes a node.
alter table join_tokens add column confirm boolean not null default false;

-- Hosts that came with such a token. Accepting one makes a node of it, under the same id and with the same key.
create table waiting_nodes (
    id uuid not null,
    hostname varchar(128) not null,
    public_key bytea not null,
    agent_version varchar(64) not null,
    -- What the host says of itself.
    host jsonb not null,
    address varchar(64) not null,
    note varchar(256) not null,
    labels jsonb not null,
    environment_id uuid,
    asked_at timestamptz not null,
    constraint pk_waiting_nodes primary key (id),
    constraint fk_waiting_nodes_environments_environment_id foreign key (environment_id) references environments (id) on delete cascade
);

create index ix_waiting_nodes_environment_id on waiting_nodes (environment_id);
