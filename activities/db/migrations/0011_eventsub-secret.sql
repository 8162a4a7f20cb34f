-- Up Migration

-- With which secret the subscription was made: Twitch signs with that one for as long as it stands. Null: nobody knows.
alter table eventsub_status add column secret_fingerprint text;

-- Down Migration

alter table eventsub_status drop column secret_fingerprint;
