-- What an environment asks of deployments: a second person's approval, and the times at which they may begin.
alter table environments add column deployment_rules jsonb not null default '{}';

-- Portals of the version before claim what is queued alone: what is held stays untouched by them.
alter table deployments add column pins jsonb not null default '{}';
alter table deployments add column pinned_at timestamptz;
alter table deployments add column pin_tried_at timestamptz;
alter table deployments add column scales jsonb;
alter table deployments add column asked_by_id uuid;
alter table deployments add column decide_until timestamptz;
alter table deployments add column decided_at timestamptz;
alter table deployments add column decided_by_id uuid;
alter table deployments add column decided_by varchar(256) not null default '';
alter table deployments add column decision varchar(512) not null default '';
alter table deployments add column opens_at timestamptz;
