-- Which targets of alerts are told of a stack's deployments, and of what of them.
alter table stacks add column told_targets uuid[] not null default '{}';
alter table stacks add column told_events text[] not null default '{}';
