-- Up Migration

-- Counters of the last minute. Unlogged: they cost no write-ahead log and no wait for the disk, and all that a crash of
-- PostgreSQL takes away is that everybody begins a fresh minute.

-- Writes are counted exactly: each subject has one row, and one statement judges and counts.
create unlogged table counted_writes (
  -- What is limited and who, the broadcaster included where there is one; an address belongs to no channel.
  subject text collate "C" primary key,
  -- When the last minute's writes were let through, oldest first; never more than the limit.
  passed_at timestamptz[] not null,
  -- Whether the newest write was let through.
  was_passed boolean not null
) with (fillfactor = 70);

-- What each API process has let through since it last said so, for the others to count too.
create unlogged table exchanged_requests (
  batch_id bigint generated always as identity primary key,
  process_id uuid not null,
  -- Subject to ages: milliseconds from each request to the publication.
  ages_ms json not null,
  published_at timestamptz not null
);

-- Down Migration

drop table exchanged_requests, counted_writes;
