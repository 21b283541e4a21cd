-- Ports at which every node answers with containers of a network over nodes, and what keeps a node from it.
alter table overlay_networks add column ports varchar(8192) not null default '';
alter table overlay_members add column ingress_problem varchar(1024) not null default '';
