-- Since when no portal hears of a node, so that a portal that starts anew need not begin to count; and stops and removals of stacks
-- over several nodes that a lost node has missed, until it is back and has made up for them.
alter table nodes add column away_since timestamptz;

create table missed_moves (
    stack_id uuid not null,
    node_id uuid not null,
    operation varchar(16) not null,
    remove_volumes boolean not null,
    missed_at timestamptz not null,
    constraint pk_missed_moves primary key (stack_id, node_id),
    constraint fk_missed_moves_stacks_stack_id foreign key (stack_id) references stacks (id) on delete cascade,
    constraint fk_missed_moves_nodes_node_id foreign key (node_id) references nodes (id) on delete cascade
);

create index ix_missed_moves_node_id on missed_moves (node_id);
