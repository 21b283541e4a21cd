-- Stacks that are deployed by themselves when their registries have newer images.
create table image_policies (
    stack_id uuid not null,
    mode varchar(16) not null,
    at_minute integer not null,
    owner_id uuid not null,
    owner_name varchar(256) not null,
    changed_at timestamptz not null,
    looked_at timestamptz,
    tried varchar(64) not null,
    tried_at timestamptz,
    deployment_id uuid,
    claimed_until timestamptz,
    constraint pk_image_policies primary key (stack_id),
    constraint fk_image_policies_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade,
    constraint ck_image_policies_at_minute check (at_minute between 0 and 1439)
);
