-- What Git hosts, registries and programs call so that stacks follow, and each call whose sender proved itself.
create table webhooks (
    id uuid not null,
    stack_id uuid not null,
    name varchar(128) not null,
    provider varchar(32) not null,
    filters jsonb not null,
    kept_secret text not null,
    secret_changed_at timestamptz not null,
    enabled boolean not null,
    author_id uuid not null,
    author_name varchar(256) not null,
    created_at timestamptz not null,
    constraint pk_webhooks primary key (id),
    constraint fk_webhooks_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade
);

create unique index ux_webhooks_stack_id_name on webhooks (stack_id, name);

create table webhook_deliveries (
    id uuid not null,
    webhook_id uuid not null,
    sender_key varchar(128),
    digest bytea,
    repeats_id uuid,
    repeated_by varchar(256) not null,
    received_at timestamptz not null,
    address varchar(64) not null,
    event varchar(128) not null,
    headers jsonb not null,
    body bytea,
    copies integer not null,
    state varchar(16) not null,
    detail varchar(1024) not null,
    deployment_id uuid,
    attempts integer not null,
    due_at timestamptz,
    claim uuid,
    finished_at timestamptz,
    constraint pk_webhook_deliveries primary key (id),
    constraint fk_webhook_deliveries_webhooks_webhook_id foreign key (webhook_id) references webhooks (id) on delete cascade
);

create unique index ux_webhook_deliveries_webhook_id_sender_key on webhook_deliveries (webhook_id, sender_key);
create unique index ux_webhook_deliveries_webhook_id_digest on webhook_deliveries (webhook_id, digest);
create index ix_webhook_deliveries_webhook_id_received_at on webhook_deliveries (webhook_id, received_at);
create index ix_webhook_deliveries_due_at on webhook_deliveries (due_at);
