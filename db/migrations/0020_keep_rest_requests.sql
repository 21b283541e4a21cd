-- What was asked over the REST API under a key of the caller's, and answered: for a day, so that the same request is not done twice.
create table rest_requests (
    user_id uuid not null,
    key varchar(128) not null,
    request_hash bytea not null,
    answer bytea,
    created_at timestamptz not null,
    constraint pk_rest_requests primary key (user_id, key),
    constraint fk_rest_requests_users_user_id foreign key (user_id) references users (id) on delete cascade
);

create index ix_rest_requests_created_at on rest_requests (created_at);
