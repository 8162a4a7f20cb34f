-- Up Migration

-- How the subscription to the channel's chat stands, and which process looks after it. All API processes share it.
create table eventsub_status (
  broadcaster_id text primary key,
  status text not null check (status in ('pending', 'enabled', 'revoked', 'failed')),
  -- When the status became what it is.
  since timestamptz not null,
  -- When Twitch last told how the subscription stands.
  confirmed_at timestamptz,
  subscription_id text,
  -- Twitch's word for an end, or why the last attempt brought nothing.
  reason text,
  -- Attempts to have it since it was last seen enabled: what the back-off grows with.
  attempts integer not null default 0,
  -- When it is looked after next, by whichever process is first.
  due_at timestamptz not null,
  revoked_at timestamptz,
  -- Which process looks after it now; a claim that is too old belongs to one that died.
  claim_token uuid,
  claimed_at timestamptz
);

-- Down Migration

drop table eventsub_status;
