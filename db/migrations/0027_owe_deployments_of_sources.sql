-- What was fetched is to be deployed, and is not queued yet: a portal that ends in between leaves it to the next look.
alter table stack_sources add column owes_deployment boolean not null default false;
