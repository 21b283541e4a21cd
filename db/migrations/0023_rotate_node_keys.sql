-- The key that a node has offered in place of its own; the first proof made with it puts it there.
alter table nodes add column pending_key bytea;
-- Since when the node signs in with its key; null for the key that it joined with.
alter table nodes add column key_since timestamptz;
