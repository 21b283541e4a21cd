-- A grant on a node goes with the node.

delete from grants where node_id is not null and not exists (select 1 from nodes where nodes.id = grants.node_id);

alter table grants
    add constraint fk_grants_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade;

create index ix_grants_node_id on grants (node_id);
