-- What a revision has beside its first Compose file. Contents are kept once for a stack, however many revisions have them.
alter table stack_revisions
    add column compose_files text[] not null default '{compose.yaml}',
    add column commit varchar(64) not null default '';

create table stack_contents (
    stack_id uuid not null,
    digest bytea not null,
    content bytea not null,
    constraint pk_stack_contents primary key (stack_id, digest),
    constraint fk_stack_contents_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade
);

create table stack_files (
    stack_id uuid not null,
    revision integer not null,
    path varchar(512) not null,
    digest bytea not null,
    is_executable boolean not null,
    constraint pk_stack_files primary key (stack_id, revision, path),
    constraint fk_stack_files_stack_revisions_stack_id_revision foreign key (stack_id, revision)
        references stack_revisions (stack_id, number) on delete cascade
);
