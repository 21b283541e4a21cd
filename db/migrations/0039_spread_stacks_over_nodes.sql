-- Stacks over the nodes of an environment: where their replicas are, and the networks that join them.
alter table stacks add column environment_id uuid;
alter table stacks add column placement jsonb not null default '{}';
alter table stacks add constraint fk_stacks_environments_environment_id
    foreign key (environment_id) references environments (id) on delete restrict;
drop index ux_stacks_node_id_name;
create unique index ux_stacks_node_id_name on stacks (node_id, name) where environment_id is null;
create unique index ux_stacks_environment_id_name on stacks (environment_id, name);

alter table deployments add column environment_id uuid;

alter table overlay_networks add column stack_id uuid;
alter table overlay_networks add constraint fk_overlay_networks_stacks_stack_id
    foreign key (stack_id) references stacks (id) on delete set null;
create index ix_overlay_networks_stack_id on overlay_networks (stack_id);

-- Stacks of one name in two environments each have their own networks.
drop index ux_overlay_networks_name;
drop index ix_overlay_networks_environment_id;
create unique index ux_overlay_networks_name on overlay_networks (name) where environment_id is null;
create unique index ux_overlay_networks_environment_id_name on overlay_networks (environment_id, name);
