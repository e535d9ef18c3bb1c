-- Frozen: what shops have built with it is never edited, a later file changes it.

-- What a person explains of a mismatch: how much PortOne holds more than it should, how much of that
-- is missing in the ledger, and who said why. Another till in the same account has a name.
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
  gap INTEGER NOT NULL,
  ledger_gap INTEGER NOT NULL,
  explained_by TEXT NOT NULL,
  explanation TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_mismatches_kind CHECK (kind IN ('AMOUNT_DIFFERS', 'ANOTHER_TILL', 'CANCELS_DIFFER', 'FOREIGN_PAYMENT', 'LOST_INTENT', 'LOST_PAYMENT', 'LOST_REFUND', 'NOT_AT_PORTONE', 'UNKNOWN_STATUS'))
) STRICT;

INSERT INTO mismatches SELECT *, 0, 0, '', '' FROM mismatches_before ORDER BY id;
DROP TABLE mismatches_before;

CREATE UNIQUE INDEX uq_mismatches_open ON mismatches (kind, merchant_uid, imp_uid) WHERE settled_at IS NULL;

CREATE INDEX ix_mismatches_payment ON mismatches (imp_uid);

-- Which opening wrote this file last, and whether it is an older copy that was not compared with
-- PortOne's books yet.
CREATE TABLE lineage (
  id INTEGER NOT NULL,
  generation TEXT NOT NULL,
  behind_since INTEGER,
  last_attempt INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_lineage_one CHECK (id = 1)
) STRICT;

INSERT INTO lineage (id, generation, behind_since, last_attempt) VALUES (1, '', NULL, 0);
