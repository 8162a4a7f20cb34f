-- Up Migration

-- Every row and key carries the broadcaster, although one deployment serves one channel today.

create table channels (
  broadcaster_id text primary key,
  paused boolean not null default false,
  -- Newest boundary that passed while spins were paused: it has no cycle.
  skipped_boundary_at timestamptz
);

create table pool_entries (
  broadcaster_id text not null,
  twitch_user_id text not null,
  twitch_display_name text not null,
  character_name text collate "C" not null,
  -- The client's id or the chat message id of the enrolment.
  enrollment_request_id text not null,
  -- When the viewer gave the command (Twitch's clock for chat), never later than its receipt.
  commanded_at timestamptz not null,
  primary key (broadcaster_id, twitch_user_id)
);
create unique index pool_entries_one_holder_per_name on pool_entries (broadcaster_id, character_name);

-- When a viewer's last entry ended: an older command must not bring it back.
create table pool_exits (
  broadcaster_id text not null,
  twitch_user_id text not null,
  left_at timestamptz not null,
  primary key (broadcaster_id, twitch_user_id)
);

-- Every chat command with its result, so that a redelivery changes nothing.
create table command_messages (
  broadcaster_id text not null,
  message_id text not null,
  twitch_user_id text not null,
  command text not null,
  result text not null,
  sent_at timestamptz not null,
  received_at timestamptz not null,
  primary key (broadcaster_id, message_id)
);
create index command_messages_by_receipt on command_messages (received_at);

-- Accepted claims over HTTP.
create table claims (
  broadcaster_id text not null,
  enrollment_request_id text not null,
  twitch_user_id text not null,
  character_name text collate "C" not null,
  claimed_at timestamptz not null,
  primary key (broadcaster_id, enrollment_request_id)
);

create table spin_cycles (
  spin_cycle_id uuid primary key,
  broadcaster_id text not null,
  boundary_at timestamptz not null,
  workflow_id text not null,
  timings jsonb not null,
  drawn_at timestamptz,
  candidate_name text collate "C",
  candidate_user_id text,
  candidate_display_name text,
  enrollment_request_id text,
  wheel text[] not null default '{}',
  verify_until timestamptz not null,
  -- The one report that decides: the first that was received in time and names the candidate.
  reported_online boolean,
  reported_at timestamptz,
  report_captured_at timestamptz,
  outcome text check (outcome in ('won', 'offline', 'unverified', 'refused', 'nobody_eligible', 'missed')),
  outcome_at timestamptz,
  refused_reason text,
  payout_id uuid
);
create unique index spin_cycles_one_per_boundary on spin_cycles (broadcaster_id, boundary_at);
create index spin_cycles_open on spin_cycles (broadcaster_id, verify_until) where outcome is null;

-- All that is needed to compute a draw again.
create table draws (
  spin_cycle_id uuid primary key references spin_cycles,
  broadcaster_id text not null,
  algorithm text not null,
  entropy bytea not null,
  entropy_source text not null,
  list_hash text not null,
  entrants integer not null,
  candidate_index integer not null,
  candidate_name text collate "C" not null,
  candidate_user_id text not null,
  drawn_at timestamptz not null
);

-- The lists, deflated, once per hash.
create table draw_lists (
  broadcaster_id text not null,
  list_hash text not null,
  names_deflated bytea not null,
  last_drawn_at timestamptz not null,
  primary key (broadcaster_id, list_hash)
);

create table payouts (
  payout_id uuid primary key,
  broadcaster_id text not null,
  spin_cycle_id uuid not null,
  twitch_user_id text not null,
  twitch_display_name text not null,
  character_name text collate "C" not null,
  enrollment_request_id text not null,
  copper bigint not null,
  status text not null check (status in ('Pending', 'InProgress', 'Sent', 'Failed', 'Cancelled', 'Expired')),
  -- Grows with every change of status, acceptance or holder; a projection names the version that it follows.
  version integer not null,
  held_by uuid,
  accepted_at timestamptz,
  -- A fact of its own, written when it arrives, whatever the status is.
  mail_confirmed_at timestamptz,
  mail_confirmed_by text,
  mail_confirmed_desktop uuid,
  attention text check (attention in ('open', 'settled')),
  attention_note text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  -- Viewers learn of it when the wheel has stopped.
  visible_from timestamptz not null,
  timings jsonb not null
);
create unique index payouts_one_per_cycle on payouts (spin_cycle_id);
create unique index payouts_one_active_per_viewer on payouts (broadcaster_id, twitch_user_id)
  where status in ('Pending', 'InProgress');
create index payouts_by_viewer on payouts (broadcaster_id, twitch_user_id, created_at);
create index payouts_by_creation on payouts (broadcaster_id, created_at, payout_id);
create index payouts_unsettled on payouts (broadcaster_id) where attention = 'open';

create table payout_events (
  payout_id uuid not null references payouts,
  event_number integer not null,
  broadcaster_id text not null,
  event text not null check (event in ('created', 'status', 'accepted', 'mail_confirmed', 'attention', 'settled')),
  status text not null,
  cause text not null check (cause in ('log', 'desktop', 'broadcaster', 'operator', 'server')),
  desktop_id uuid,
  note text,
  at timestamptz not null,
  primary key (payout_id, event_number)
);

-- At most one announcement per payout, ever: the row is claimed before anything is sent.
create table announcement_claims (
  payout_id uuid primary key references payouts,
  broadcaster_id text not null,
  state text not null check (state in ('sending', 'refused', 'sent', 'held', 'unknown', 'failed')),
  attempts integer not null,
  -- Names the attempt that holds the claim, so that a late one cannot write over a newer one.
  attempt_token uuid not null,
  message_id text,
  reason text,
  claimed_at timestamptz not null,
  ended_at timestamptz
);

create table desktops (
  broadcaster_id text not null,
  desktop_id uuid not null,
  last_beat_at timestamptz not null,
  desktop_version text not null,
  addon_version text,
  character_name text,
  realm text,
  transport text,
  game_found boolean,
  -- Of the last beat that said something about it.
  bang_swallowed boolean,
  streamer_character text,
  streamer_realm text,
  primary key (broadcaster_id, desktop_id)
);

create table desktop_leases (
  broadcaster_id text primary key,
  desktop_id uuid not null,
  active_since timestamptz not null,
  last_beat_at timestamptz not null
);

-- Down Migration

drop table desktop_leases, desktops, announcement_claims, payout_events, payouts, draw_lists, draws, spin_cycles,
  claims, command_messages, pool_exits, pool_entries, channels;
