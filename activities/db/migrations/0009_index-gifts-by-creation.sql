-- Up Migration

-- Figures count what began in a span of time, at every scrape.
create index gift_requests_by_creation on gift_requests (broadcaster_id, created_at);

-- Down Migration

drop index gift_requests_by_creation;
