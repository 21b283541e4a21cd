-- Images that a revision has in place of those that its files name: promoted from another stack, or chosen by an image policy.
alter table stack_revisions add column images jsonb not null default '{}';
