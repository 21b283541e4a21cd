-- How people like to see the lists of the fleet: their own, and those that they share with a team.
create table saved_views (
    id uuid not null,
    list varchar(32) not null,
    name varchar(64) not null,
    owner_id uuid not null,
    team_id uuid,
    query varchar(2048) not null,
    hidden text[] not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint pk_saved_views primary key (id),
    constraint fk_saved_views_users_owner_id foreign key (owner_id) references users (id) on delete cascade,
    constraint fk_saved_views_teams_team_id foreign key (team_id) references teams (id) on delete set null
);

create unique index ux_saved_views_owner_id_list_name on saved_views (owner_id, list, name);
create index ix_saved_views_team_id on saved_views (team_id);
