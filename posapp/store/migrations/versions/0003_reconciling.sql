-- Comparing with PortOne's books. Frozen: what shops have built with it is never edited, a later file
-- changes it.

-- How far something has come, by name: a file that is put back from a copy brings its own, and
-- so knows since when it has to ask PortOne.
CREATE TABLE milestones (
  name TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (name)
) STRICT;

-- The till's own code: it travels in every number, for another till may share the PortOne account.
CREATE TABLE till (
  id INTEGER NOT NULL,
  code TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_till_one CHECK (id = 1),
  CONSTRAINT ck_till_code CHECK (length(code) = 6)
) STRICT;

INSERT INTO till (id, code) VALUES (1, lower(hex(randomblob(3))));

-- What comparing finds has names. SQLite changes no CHECK in place: the same rows move to a new table
-- of the old name.
DROP INDEX uq_mismatches_open;
ALTER TABLE mismatches RENAME TO mismatches_before;

CREATE TABLE mismatches (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  merchant_uid TEXT NOT NULL,
  imp_uid TEXT NOT NULL,
  amount INTEGER NOT NULL,
  evidence TEXT NOT NULL,
  found_at INTEGER NOT NULL,
  settled_at INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT ck_mismatches_kind CHECK (kind IN ('AMOUNT_DIFFERS', 'CANCELS_DIFFER', 'FOREIGN_PAYMENT', 'LOST_INTENT', 'LOST_PAYMENT', 'LOST_REFUND', 'NOT_AT_PORTONE', 'UNKNOWN_STATUS'))
) STRICT;

INSERT INTO mismatches SELECT * FROM mismatches_before ORDER BY id;
DROP TABLE mismatches_before;

CREATE UNIQUE INDEX uq_mismatches_open ON mismatches (kind, merchant_uid, imp_uid) WHERE settled_at IS NULL;

-- Payments by when they were paid: those of a window that PortOne does not name.
CREATE INDEX ix_payments_paid ON payments (paid_at, id);
