-- What nobody may use of the nodes, whatever their roles: on everything, in an environment, or on a node.
create table policies (
    id uuid not null,
    name varchar(64) not null,
    description varchar(512) not null,
    environment_id uuid,
    node_id uuid,
    rules jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pk_policies primary key (id),
    constraint fk_policies_environments_environment_id foreign key (environment_id) references environments (id) on delete cascade,
    constraint fk_policies_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade,
    constraint ck_policies_scope check (num_nonnulls(environment_id, node_id) <= 1)
);

create unique index ux_policies_name on policies (name);
create index ix_policies_environment_id on policies (environment_id);
create index ix_policies_node_id on policies (node_id);
