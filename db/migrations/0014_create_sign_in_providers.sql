-- Who else tells the portal who somebody is. A link of a person is a row of user_logins, whose key is a hash of issuer and subject.
create table sign_in_providers (
    id uuid not null,
    name varchar(64) not null,
    kind varchar(16) not null,
    authority varchar(512) not null,
    client_id varchar(512) not null,
    secret text,
    enabled boolean not null,
    settings jsonb not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pk_sign_in_providers primary key (id)
);

create unique index ux_sign_in_providers_name on sign_in_providers (name);

-- Null for members that somebody put there: those no provider takes out.
alter table team_members add column provider_id uuid;
alter table team_members add constraint fk_team_members_sign_in_providers_provider_id
    foreign key (provider_id) references sign_in_providers (id) on delete cascade;
create index ix_team_members_provider_id on team_members (provider_id);
