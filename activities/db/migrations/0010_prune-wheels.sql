-- Up Migration

-- Wheels are emptied when the lists that they are taken from are pruned; the reconcile job looks every minute.
create index spin_cycles_with_wheel on spin_cycles (broadcaster_id, drawn_at) where wheel <> '{}';

-- Down Migration

drop index spin_cycles_with_wheel;
