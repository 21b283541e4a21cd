-- Active, Drained or Maintenance: the latter two take no new containers and images.
alter table nodes add column duty character varying(16) not null default 'Active';
-- Why, in the words of who did it.
alter table nodes add column duty_note character varying(256) not null default '';
