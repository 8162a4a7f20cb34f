-- Up Migration

create table gift_requests (
  gift_request_id uuid primary key,
  broadcaster_id text not null,
  -- Order of arrival; taken under a lock per broadcaster, so that it is the order of commits too.
  arrival bigint generated always as identity,
  twitch_user_id text not null,
  twitch_display_name text not null,
  character_name text collate "C" not null,
  -- Chat: badges have decided, and Twitch is asked later. HTTP: Twitch was asked before.
  origin text not null check (origin in ('chat', 'http')),
  state text not null check (state in ('Pending', 'SelectingItem', 'WaitingConfirmation', 'Completed', 'Failed')),
  -- Grows with every event; a projection names the version that it follows.
  version integer not null default 1,
  selected_item jsonb,
  selected_by uuid,
  timeout_at timestamptz,
  failure_reason text,
  -- Facts, written when they arrive, before the workflow hears of them.
  agreed boolean,
  answered_at timestamptz,
  delivered_at timestamptz,
  completed_at timestamptz,
  -- An ended request was changed without its workflow: the one that waits for the mail must be told.
  untold boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  timings jsonb not null
);
create unique index gift_requests_one_open_per_viewer on gift_requests (broadcaster_id, twitch_user_id)
  where state in ('Pending', 'SelectingItem', 'WaitingConfirmation');
create unique index gift_requests_one_active on gift_requests (broadcaster_id)
  where state in ('SelectingItem', 'WaitingConfirmation');
create index gift_requests_queue on gift_requests (broadcaster_id, (state = 'Pending'), arrival)
  where state in ('Pending', 'SelectingItem', 'WaitingConfirmation');
create index gift_requests_by_viewer on gift_requests (broadcaster_id, twitch_user_id, arrival);
create index gift_requests_unsent on gift_requests (broadcaster_id, completed_at)
  where state = 'Completed' and delivered_at is null;
create index gift_requests_by_change on gift_requests (broadcaster_id, updated_at);
create index gift_requests_untold on gift_requests (broadcaster_id) where untold;

create table gift_events (
  gift_request_id uuid not null references gift_requests,
  event_number integer not null,
  -- The order of all events of all requests.
  sequence bigint generated always as identity,
  broadcaster_id text not null,
  event text not null
    check (event in ('requested', 'promoted', 'item_selected', 'answered', 'sent', 'failed', 'timed_out')),
  state text not null,
  reason text,
  cause text not null check (cause in ('log', 'desktop', 'broadcaster', 'operator', 'server')),
  desktop_id uuid,
  at timestamptz not null,
  primary key (gift_request_id, event_number)
);

-- A viewer's one gift, ever.
create table gift_use (
  broadcaster_id text not null,
  twitch_user_id text not null,
  gift_request_id uuid not null references gift_requests,
  used_at timestamptz not null,
  primary key (broadcaster_id, twitch_user_id)
);

-- Down Migration

drop table gift_use, gift_events, gift_requests;
