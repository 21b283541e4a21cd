-- Where the statuses of a stack's commits are reported to, and how reporting each deployment goes.
create table commit_reporters (
    stack_id uuid not null,
    host varchar(32) not null,
    base_url varchar(512) not null,
    project varchar(512) not null,
    context varchar(40) not null,
    portal_url varchar(512) not null,
    kept_token text not null,
    changed_at timestamptz not null,
    changed_by varchar(256) not null,
    constraint pk_commit_reporters primary key (stack_id),
    constraint fk_commit_reporters_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade
);

create table commit_reports (
    deployment_id uuid not null,
    stack_id uuid not null,
    commit varchar(64) not null,
    wanted varchar(160) not null,
    sent varchar(160) not null,
    wanted_at timestamptz not null,
    due_at timestamptz,
    attempts integer not null,
    sent_at timestamptz,
    error varchar(1024) not null,
    constraint pk_commit_reports primary key (deployment_id),
    constraint fk_commit_reports_deployments_deployment_id foreign key (deployment_id) references deployments (id) on delete cascade
);

create index ix_commit_reports_stack_id on commit_reports (stack_id);
create index ix_commit_reports_due_at on commit_reports (due_at) where due_at is not null;
