-- What programs show in place of a password. Only a hash is kept: whoever reads this table can't act with it.
create table api_tokens (
    id uuid not null,
    user_id uuid not null,
    name varchar(64) not null,
    hash bytea not null,
    prefix varchar(16) not null,
    permissions text[],
    node_ids uuid[],
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    last_used_at timestamptz,
    last_used_from varchar(64),
    revoked_at timestamptz,
    constraint pk_api_tokens primary key (id),
    constraint fk_api_tokens_users_user_id foreign key (user_id) references users (id) on delete cascade
);

create unique index ux_api_tokens_hash on api_tokens (hash);
create index ix_api_tokens_user_id on api_tokens (user_id);

-- A program that acts for no person: it has grants and tokens, and can't sign in.
alter table users add column is_service_account boolean not null default false;
alter table users alter column is_service_account drop default;
