-- Environments of nodes, teams of people, roles of one's own, and grants that name them.

create table environments (
    id uuid not null,
    name varchar(63) not null,
    color varchar(16) not null,
    description varchar(512) not null,
    created_at timestamptz not null,
    constraint pk_environments primary key (id)
);

create unique index ux_environments_name on environments (name);

-- An environment that holds nodes is not removed before they are moved: what is granted or forbidden there would end unseen.
alter table nodes add column environment_id uuid;
alter table nodes add constraint fk_nodes_environments_environment_id
    foreign key (environment_id) references environments (id) on delete restrict;
create index ix_nodes_environment_id on nodes (environment_id);

-- A leave to join an environment goes with it, so that no host comes in without what holds there.
alter table join_tokens add column environment_id uuid;
alter table join_tokens add constraint fk_join_tokens_environments_environment_id
    foreign key (environment_id) references environments (id) on delete cascade;
create index ix_join_tokens_environment_id on join_tokens (environment_id);

create table teams (
    id uuid not null,
    name varchar(64) not null,
    description varchar(512) not null,
    created_at timestamptz not null,
    constraint pk_teams primary key (id)
);

create unique index ux_teams_name on teams (name);

create table team_members (
    team_id uuid not null,
    user_id uuid not null,
    added_at timestamptz not null,
    constraint pk_team_members primary key (team_id, user_id),
    constraint fk_team_members_teams_team_id foreign key (team_id) references teams (id) on delete cascade,
    constraint fk_team_members_users_user_id foreign key (user_id) references users (id) on delete cascade
);

create index ix_team_members_user_id on team_members (user_id);

-- Roles beside the built-in ones, which are no rows.
create table roles (
    id uuid not null,
    name varchar(64) not null,
    description varchar(512) not null,
    permissions text[] not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pk_roles primary key (id)
);

create unique index ux_roles_name on roles (name);

-- A grant is given to a person or a team: on everything, an environment, or a node. role is a built-in one's name, or the id of a row
-- of roles, which role_id then repeats as a reference.
alter table grants alter column user_id drop not null;
alter table grants add column team_id uuid;
alter table grants add column role_id uuid;
alter table grants add column environment_id uuid;
alter table grants add constraint fk_grants_teams_team_id foreign key (team_id) references teams (id) on delete cascade;
alter table grants add constraint fk_grants_roles_role_id foreign key (role_id) references roles (id) on delete cascade;
alter table grants add constraint fk_grants_environments_environment_id
    foreign key (environment_id) references environments (id) on delete cascade;
alter table grants add constraint ck_grants_subject check (num_nonnulls(user_id, team_id) = 1);
alter table grants add constraint ck_grants_scope check (num_nonnulls(environment_id, node_id) <= 1);
alter table grants add constraint ck_grants_role check (role_id is null or role = role_id::text);

create index ix_grants_role_id on grants (role_id);
create index ix_grants_environment_id on grants (environment_id);

drop index ux_grants_everything;
drop index ux_grants_node;
create unique index ux_grants_everything on grants (user_id, role) where node_id is null and environment_id is null;
create unique index ux_grants_environment on grants (user_id, role, environment_id) where environment_id is not null;
create unique index ux_grants_node on grants (user_id, role, node_id) where node_id is not null;
create unique index ux_team_grants_everything on grants (team_id, role) where node_id is null and environment_id is null;
create unique index ux_team_grants_environment on grants (team_id, role, environment_id) where environment_id is not null;
create unique index ux_team_grants_node on grants (team_id, role, node_id) where node_id is not null;
