-- Where backups of the portal are kept, and each that was made.
create table backup_destinations (
    id uuid not null,
    name varchar(128) not null,
    kind varchar(16) not null,
    settings jsonb not null,
    secret_key text not null,
    passphrase text not null,
    keep_count integer not null,
    keep_days integer not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint pk_backup_destinations primary key (id)
);

create unique index ux_backup_destinations_name on backup_destinations (name);

create table portal_backups (
    id uuid not null,
    destination_id uuid not null,
    name varchar(256) not null,
    actor_name varchar(512) not null,
    host varchar(256) not null,
    state varchar(16) not null,
    message varchar(2048) not null,
    bytes bigint not null,
    digest varchar(64) not null,
    created_at timestamptz not null,
    finished_at timestamptz,
    lease_until timestamptz,
    check_state varchar(16) not null,
    check_message varchar(2048) not null,
    checked_at timestamptz,
    constraint pk_portal_backups primary key (id),
    constraint fk_portal_backups_backup_destinations_destination_id
        foreign key (destination_id) references backup_destinations (id) on delete cascade
);

create index ix_portal_backups_destination_id_created_at on portal_backups (destination_id, created_at);

-- One at a time for a destination, whatever the portals believe.
create unique index ux_portal_backups_unfinished on portal_backups (destination_id) where finished_at is null;
