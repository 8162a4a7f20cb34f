-- Up Migration

-- Whether a request's or payout's workflow was seen closed after its row had ended. Until then the reconcile job looks:
-- a worker that died after it wrote the end may have left a workflow that waits for what has happened.
alter table gift_requests add column workflow_ended boolean not null default false;
alter table payouts add column workflow_ended boolean not null default false;
create index gift_requests_ending on gift_requests (broadcaster_id, arrival)
  where not workflow_ended and state in ('Completed', 'Failed');
create index payouts_ending on payouts (broadcaster_id, payout_id)
  where not workflow_ended and status in ('Sent', 'Failed', 'Cancelled', 'Expired');
-- What ended lately was found by it.
drop index gift_requests_by_change;

-- Down Migration

create index gift_requests_by_change on gift_requests (broadcaster_id, updated_at);
alter table payouts drop column workflow_ended;
alter table gift_requests drop column workflow_ended;
