-- Each sign-in that is still good. A session is ended by removing its row; every portal of the database hears of it at once.
create table user_sessions (
    id uuid not null,
    user_id uuid not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    address varchar(64) not null,
    browser varchar(256) not null,
    method varchar(128) not null,
    constraint pk_user_sessions primary key (id),
    constraint fk_user_sessions_users_user_id foreign key (user_id) references users (id) on delete cascade
);

create index ix_user_sessions_user_id on user_sessions (user_id);

create function tell_ended_session() returns trigger language plpgsql as $$
begin
    perform pg_notify('portal_sessions', old.id::text);
    return old;
end
$$;

create trigger user_sessions_tell_ended after delete on user_sessions
    for each row execute function tell_ended_session();
