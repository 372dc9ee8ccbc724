-- What people said of pairs. An absent id of theirs is stored as empty text, so that it can be part of the key.
CREATE TABLE decisions (
  kind TEXT NOT NULL,
  ours TEXT NOT NULL,
  theirs TEXT NOT NULL,
  said TEXT NOT NULL,
  said_by TEXT NOT NULL,
  said_at TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (kind, ours, theirs)
) WITHOUT ROWID;

ALTER TABLE matches ADD COLUMN standing TEXT NOT NULL DEFAULT 'open';
