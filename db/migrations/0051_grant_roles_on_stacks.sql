-- A role on one stack, wherever it is. A grant goes with its stack, as it does with its node or environment.
alter table grants add column stack_id uuid;
alter table grants add constraint fk_grants_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade;
alter table grants drop constraint ck_grants_scope;
alter table grants add constraint ck_grants_scope check (num_nonnulls(environment_id, node_id, stack_id) <= 1);

create index ix_grants_stack_id on grants (stack_id);
drop index ux_grants_everything;
drop index ux_team_grants_everything;
create unique index ux_grants_everything on grants (user_id, role) where node_id is null and environment_id is null and stack_id is null;
create unique index ux_grants_stack on grants (user_id, role, stack_id) where stack_id is not null;
create unique index ux_team_grants_everything on grants (team_id, role)
    where node_id is null and environment_id is null and stack_id is null;
create unique index ux_team_grants_stack on grants (team_id, role, stack_id) where stack_id is not null;
