-- What people want done again and again, and each time that it was.
create table scheduled_jobs (
    id uuid not null,
    name varchar(128) not null,
    kind varchar(24) not null,
    settings jsonb not null,
    environment_id uuid,
    node_id uuid,
    cron varchar(128) not null,
    time_zone varchar(64) not null,
    enabled boolean not null,
    owner_id uuid not null,
    owner_name varchar(256) not null,
    created_at timestamptz not null,
    changed_at timestamptz not null,
    next_at timestamptz,
    constraint pk_scheduled_jobs primary key (id),
    constraint fk_scheduled_jobs_environments_environment_id
        foreign key (environment_id) references environments (id) on delete cascade,
    constraint fk_scheduled_jobs_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade,
    constraint ck_scheduled_jobs_scope check (num_nonnulls(environment_id, node_id) <= 1)
);

create index ix_scheduled_jobs_next_at on scheduled_jobs (next_at);
create index ix_scheduled_jobs_environment_id on scheduled_jobs (environment_id);
create index ix_scheduled_jobs_node_id on scheduled_jobs (node_id);

create table job_runs (
    id uuid not null,
    job_id uuid not null,
    cause varchar(16) not null,
    cause_text varchar(512) not null,
    actor_name varchar(256) not null,
    due_at timestamptz,
    created_at timestamptz not null,
    state varchar(16) not null,
    message varchar(2048) not null,
    log text not null,
    started_at timestamptz,
    finished_at timestamptz,
    worker_id uuid,
    lease_until timestamptz,
    attempt integer not null,
    archive varchar(256) not null,
    archive_bytes bigint not null,
    archive_host varchar(256) not null,
    constraint pk_job_runs primary key (id),
    constraint fk_job_runs_scheduled_jobs_job_id foreign key (job_id) references scheduled_jobs (id) on delete cascade
);

create index ix_job_runs_job_id_created_at on job_runs (job_id, created_at);
create index ix_job_runs_created_at on job_runs (created_at);
create index ix_job_runs_open on job_runs (state, created_at) where finished_at is null;

-- A time comes once, and a job runs once at a time, whatever the portals believe.
create unique index ux_job_runs_job_id_due_at on job_runs (job_id, due_at);
create unique index ux_job_runs_unfinished on job_runs (job_id) where finished_at is null;
