-- Networks that span nodes, and which part of their addresses is whose.
create table overlay_networks (
    id uuid not null,
    name varchar(128) not null,
    vni integer not null,
    port integer not null,
    subnet varchar(18) not null,
    block_length integer not null,
    is_internal boolean not null,
    environment_id uuid,
    created_at timestamptz not null,
    author_name varchar(256) not null,
    is_removing boolean not null,
    constraint pk_overlay_networks primary key (id),
    constraint fk_overlay_networks_environments_environment_id
        foreign key (environment_id) references environments (id) on delete restrict
);

create unique index ux_overlay_networks_name on overlay_networks (name);
create unique index ux_overlay_networks_vni on overlay_networks (vni);
create index ix_overlay_networks_environment_id on overlay_networks (environment_id);

create table overlay_members (
    network_id uuid not null,
    node_id uuid not null,
    block integer not null,
    node_address varchar(15) not null,
    endpoints jsonb not null,
    problem varchar(1024) not null,
    constraint pk_overlay_members primary key (network_id, node_id),
    constraint fk_overlay_members_overlay_networks_network_id
        foreign key (network_id) references overlay_networks (id) on delete cascade,
    constraint fk_overlay_members_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade
);

create unique index ux_overlay_members_network_id_block on overlay_members (network_id, block);
create index ix_overlay_members_node_id on overlay_members (node_id);
