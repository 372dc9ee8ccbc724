-- What a plan is run under beside its steps, as JSON: to whom its secrets are sealed, whom it leaves alone, who let it run.
ALTER TABLE plans ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';
-- A plan goes with its tenant.
CREATE INDEX plans_by_tenant ON plans (tenant, created_at);

-- Work that only one program may do at a time.
CREATE TABLE leases (
  name TEXT PRIMARY KEY,
  holder TEXT NOT NULL,
  until BIGINT NOT NULL
) WITHOUT ROWID;
