-- Events of many nodes by time, for the retention and for pages that show the newest of all.
create index ix_node_events_at on node_events (at);
