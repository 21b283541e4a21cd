-- People who were asked in and have not come yet. The link's secret is kept as its hash alone; taking it up removes the row.
create table invitations (
    id uuid not null,
    token_hash bytea not null,
    note varchar(256) not null,
    role varchar(64) not null,
    node_id uuid,
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint pk_invitations primary key (id),
    constraint fk_invitations_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade,
    constraint fk_invitations_users_created_by foreign key (created_by) references users (id) on delete cascade
);

create unique index ux_invitations_token_hash on invitations (token_hash);
create index ix_invitations_node_id on invitations (node_id);
create index ix_invitations_created_by on invitations (created_by);
