-- Up Migration

-- How many forged lines a desktop has found so far, as it last said: what came on top of it is added to its channel.
alter table desktops add column forged_lines bigint not null default 0;
alter table desktop_leases add column forged_lines bigint not null default 0;

-- Down Migration

alter table desktop_leases drop column forged_lines;
alter table desktops drop column forged_lines;
