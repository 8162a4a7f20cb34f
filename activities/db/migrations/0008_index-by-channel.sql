-- Up Migration

-- Pruned one channel at a time, as everything is done.
drop index command_messages_by_receipt;
create index command_messages_by_receipt on command_messages (broadcaster_id, received_at);

-- Down Migration

drop index command_messages_by_receipt;
create index command_messages_by_receipt on command_messages (received_at);
