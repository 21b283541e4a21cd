-- What a target of alerts is told in; what was there is told in English, as it was.
alter table alert_targets add column language varchar(16) not null default 'en';
