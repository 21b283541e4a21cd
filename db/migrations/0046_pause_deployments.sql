-- Deployments that stop where they are when too much of them fails, as failure_action of a Compose file says. Who is told of failures is told
-- of that too.
alter table deployments add column paused_at timestamptz;
alter table deployments add column gone_on_by varchar(256) not null default '';
update stacks set told_events = array_append(told_events, 'Paused')
where 'Failed' = any(told_events) and not 'Paused' = any(told_events);
