-- Catalogues of templates that somebody added, with what they had when they could last be read.
create table template_sources (
    id uuid not null,
    name varchar(128) not null,
    kind varchar(16) not null,
    address varchar(2048) not null,
    branch varchar(255) not null,
    folder varchar(512) not null,
    user_name varchar(256) not null,
    secret text not null,
    certificates text not null,
    templates jsonb not null,
    notes jsonb not null,
    read_at timestamptz,
    error varchar(2048) not null,
    failures integer not null,
    next_at timestamptz not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    constraint pk_template_sources primary key (id)
);

create unique index ux_template_sources_name on template_sources (name);
