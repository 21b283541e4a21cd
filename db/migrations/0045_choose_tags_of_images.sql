-- Which tag of its repository a service's image shall have, and the newest that was taken by that. A rule of the stack's files stands there alone:
-- of it there is here what was taken.
create table image_rules (
    stack_id uuid not null,
    service varchar(256) not null,
    rule varchar(1024) not null,
    owner_id uuid not null,
    owner_name varchar(256) not null,
    changed_at timestamptz not null,
    taken varchar(128) not null,
    taken_by varchar(1024) not null,
    taken_at timestamptz,
    constraint pk_image_rules primary key (stack_id, service),
    constraint fk_image_rules_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade
);

-- When registries were last asked for tags, for which revision of the stack, and what stood against it.
alter table image_policies add column tags_at timestamptz;
alter table image_policies add column tags_revision integer not null default 0;
alter table image_policies add column tags_problem varchar(1024) not null default '';
