-- What who is asked in gets: also a role of one's own, on an environment, and a place in a team.
alter table invitations add column role_id uuid;
alter table invitations add column environment_id uuid;
alter table invitations add column team_id uuid;
alter table invitations add constraint fk_invitations_roles_role_id foreign key (role_id) references roles (id) on delete cascade;
alter table invitations add constraint fk_invitations_environments_environment_id
    foreign key (environment_id) references environments (id) on delete cascade;
alter table invitations add constraint fk_invitations_teams_team_id foreign key (team_id) references teams (id) on delete cascade;
create index ix_invitations_role_id on invitations (role_id);
create index ix_invitations_environment_id on invitations (environment_id);
create index ix_invitations_team_id on invitations (team_id);
