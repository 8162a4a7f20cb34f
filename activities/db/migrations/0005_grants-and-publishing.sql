-- Up Migration

-- What broadcaster and bot have granted us, one row per account. The tokens are sealed; nothing here opens them.
create table twitch_grants (
  broadcaster_id text not null,
  twitch_user_id text not null,
  scopes text[] not null,
  -- Which of our keys sealed the tokens, so that keys can be changed.
  key_id text not null,
  sealed_tokens bytea not null,
  expires_at timestamptz not null,
  -- Grows with every new pair of tokens: who refreshed an older one has lost a race.
  version integer not null,
  validated_at timestamptz not null,
  -- One process at a time trades the refresh token in, because Twitch may take it only once.
  refresh_claimed_until timestamptz,
  refresh_failures integer not null default 0,
  refresh_due_at timestamptz,
  -- When Twitch said that the grant is no more; only a new login helps.
  ended_at timestamptz,
  primary key (broadcaster_id, twitch_user_id)
);

-- What was last sent to the extension's pages, and which process sends. All API processes share it.
create table publications (
  broadcaster_id text primary key,
  state_version bigint not null default 0,
  -- Of the state that was sent last; null when sending it failed.
  state_hash text,
  attempted_at timestamptz,
  publisher_token uuid,
  publisher_until timestamptz
);

-- Down Migration

drop table publications, twitch_grants;
