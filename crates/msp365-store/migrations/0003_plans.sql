-- Plans of changes, and how each of their steps stands. `fence` only rises: who claims a plan gets the next number.
CREATE TABLE plans (
  id TEXT PRIMARY KEY,
  tenant TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  not_before BIGINT,
  expires_at BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  claimed_until BIGINT,
  body TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX plans_by_state ON plans (state, created_at);

CREATE TABLE intents (
  plan TEXT NOT NULL,
  step BIGINT NOT NULL,
  state TEXT NOT NULL,
  sends BIGINT NOT NULL,
  sent_at BIGINT,
  settled_at BIGINT,
  evidence TEXT NOT NULL,
  PRIMARY KEY (plan, step)
) WITHOUT ROWID;

-- The activity log. Records are added, never changed.
CREATE TABLE journal (
  sequence BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT NOT NULL,
  tenant TEXT,
  action TEXT NOT NULL,
  target TEXT NOT NULL,
  outcome TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  mac TEXT NOT NULL
);
CREATE INDEX journal_by_tenant ON journal (tenant, sequence);
