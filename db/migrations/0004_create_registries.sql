-- Registries that the portal has logins for.

-- The secret is encrypted with the portal's data-protection keys, bound to the host: whoever reads this table can't log in with it, and a
-- secret that was moved to the row of another host is no good there.
create table registries (
    id uuid not null,
    host varchar(261) not null,
    user_name varchar(256) not null,
    secret text null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint pk_registries primary key (id)
);

create unique index ux_registries_host on registries (host);
