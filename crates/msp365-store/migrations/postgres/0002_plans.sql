-- Plans of changes, and how each of their steps stands. `fence` only rises: who claims a plan gets the next number.
CREATE TABLE plans (
  id TEXT COLLATE "C" PRIMARY KEY,
  tenant TEXT COLLATE "C" NOT NULL,
  epoch BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  action TEXT COLLATE "C" NOT NULL,
  subject TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  created_at BIGINT NOT NULL,
  not_before BIGINT,
  expires_at BIGINT NOT NULL,
  fence BIGINT NOT NULL,
  claimed_until BIGINT,
  body TEXT COLLATE "C" NOT NULL
);
CREATE INDEX plans_by_state ON plans (state, created_at);

CREATE TABLE intents (
  plan TEXT COLLATE "C" NOT NULL,
  step BIGINT NOT NULL,
  state TEXT COLLATE "C" NOT NULL,
  sends BIGINT NOT NULL,
  sent_at BIGINT,
  settled_at BIGINT,
  evidence TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (plan, step)
);

-- The activity log. Records are added, never changed.
CREATE TABLE journal (
  sequence BIGINT PRIMARY KEY,
  at BIGINT NOT NULL,
  actor TEXT COLLATE "C" NOT NULL,
  tenant TEXT COLLATE "C",
  action TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  detail TEXT COLLATE "C" NOT NULL,
  previous TEXT COLLATE "C" NOT NULL,
  mac TEXT COLLATE "C" NOT NULL
);
CREATE INDEX journal_by_tenant ON journal (tenant, sequence);
