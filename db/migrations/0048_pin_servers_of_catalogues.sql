-- Catalogues in repositories over ssh: the keys by which their servers are known.
alter table template_sources add column host_keys text not null default '';
