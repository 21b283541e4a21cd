-- Where those who are told of alerts reach the portal; what was there is told without links, as it was.
alter table alert_targets add column portal_url varchar(512) not null default '';
