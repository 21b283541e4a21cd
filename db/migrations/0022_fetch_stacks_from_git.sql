-- Where the files of a stack come from, and how fetching them goes.
create table stack_sources (
    stack_id uuid not null,
    address varchar(2048) not null,
    reference_kind varchar(16) not null,
    reference varchar(255) not null,
    compose_files text[] not null,
    with_submodules boolean not null,
    user_name varchar(256) not null,
    kept_secret text not null,
    host_keys text not null,
    certificates text not null,
    poll_seconds integer not null,
    deploys boolean not null,
    owner_id uuid not null,
    owner_name varchar(256) not null,
    changed_at timestamptz not null,
    next_at timestamptz,
    claimed_by uuid,
    claimed_until timestamptz,
    tried_at timestamptz,
    fetched_at timestamptz,
    failing_since timestamptz,
    error varchar(2048) not null,
    commit varchar(64) not null,
    commit_author varchar(256) not null,
    commit_subject varchar(512) not null,
    committed_at timestamptz,
    constraint pk_stack_sources primary key (stack_id),
    constraint fk_stack_sources_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade
);

create index ix_stack_sources_next_at on stack_sources (next_at);
