-- In which environments a token is good at most, besides its nodes; null for no such limit. No reference: a token outlives an environment
-- that is deleted, and reaches nothing in it.
alter table api_tokens add column environment_ids uuid[];
