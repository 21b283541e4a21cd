-- Stacks and what they said at each time. People and nodes may be gone: their names stay.
create table stacks (
    id uuid not null,
    name varchar(63) not null,
    node_id uuid not null,
    node_name varchar(256) not null,
    revision integer not null,
    created_at timestamptz not null,
    constraint pk_stacks primary key (id)
);

create unique index ux_stacks_node_id_name on stacks (node_id, name);

create table stack_revisions (
    stack_id uuid not null,
    number integer not null,
    author_id uuid not null,
    author_name varchar(256) not null,
    message varchar(512) not null,
    created_at timestamptz not null,
    file text not null,
    value_names text not null,
    kept_values text not null,
    constraint pk_stack_revisions primary key (stack_id, number),
    constraint fk_stack_revisions_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade
);
