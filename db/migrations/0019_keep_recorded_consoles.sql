-- What consoles showed, where they had to be recorded: asciinema's format, in pieces as they came. People and nodes may be gone: their names stay.
create table recorded_consoles (
    id uuid not null,
    node_id uuid not null,
    node_name varchar(256) not null,
    container_id varchar(64) not null,
    container_name varchar(256) not null,
    name varchar(256) not null,
    command varchar(1024) not null,
    owner_id uuid not null,
    owner_name varchar(256) not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    ending varchar(256) not null,
    size bigint not null,
    constraint pk_recorded_consoles primary key (id)
);

create index ix_recorded_consoles_started_at on recorded_consoles (started_at);

create table recorded_console_pieces (
    console_id uuid not null,
    first_byte bigint not null,
    data bytea not null,
    constraint pk_recorded_console_pieces primary key (console_id, first_byte),
    constraint fk_recorded_console_pieces_recorded_consoles_console_id foreign key (console_id) references recorded_consoles (id) on delete cascade
);
