-- Of what reaches the host, what the token could by which a revision was written; null for a person in a session, who is asked when it
-- is deployed.
alter table stack_revisions add column author_reach text[];
