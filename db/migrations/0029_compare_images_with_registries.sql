-- What the tags that containers were made of point at in their registries, and when to look again.
create table image_checks (
    image varchar(700) not null,
    registry varchar(261) not null,
    digest varchar(71) not null,
    checked_at timestamptz,
    failures integer not null,
    error varchar(1024) not null,
    next_at timestamptz not null,
    claimed_until timestamptz,
    wanted_at timestamptz not null,
    constraint pk_image_checks primary key (image)
);

create index ix_image_checks_next_at on image_checks (next_at);

-- Which nodes were given the portal's login to a registry when somebody pulled or pushed there: only by way of these does the portal use
-- it by itself, so that no node gets a login by saying that it has an image of that registry.
create table registry_uses (
    registry_id uuid not null,
    node_id uuid not null,
    constraint pk_registry_uses primary key (registry_id, node_id),
    constraint fk_registry_uses_registries_registry_id foreign key (registry_id) references registries (id) on delete cascade,
    constraint fk_registry_uses_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade
);

create index ix_registry_uses_node_id on registry_uses (node_id);
