-- Frozen: what shops have built with it is never edited, a later file changes it.

CREATE TABLE cash_receipts (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  purpose TEXT NOT NULL,
  amount INTEGER NOT NULL,
  tax_free INTEGER NOT NULL,
  own_no TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  next_at INTEGER NOT NULL,
  kind TEXT,
  masked TEXT NOT NULL,
  sealed BLOB,
  by_hand INTEGER NOT NULL,
  state TEXT NOT NULL,
  approval_no TEXT NOT NULL,
  issued_at INTEGER,
  cancelled_at INTEGER,
  replaces_id INTEGER,
  cancel_wanted INTEGER NOT NULL,
  sends INTEGER NOT NULL,
  unclear_at INTEGER,
  problem TEXT NOT NULL,
  raw_code INTEGER,
  raw_text TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_cash_receipts_amounts CHECK (amount BETWEEN 1 AND 1000000000000 AND tax_free BETWEEN 0 AND amount),
  CONSTRAINT ck_cash_receipts_own_no CHECK (length(own_no) BETWEEN 1 AND 40),
  CONSTRAINT ck_cash_receipts_sealed CHECK (sealed IS NULL OR state IN ('REQUESTED', 'SENDING', 'UNKNOWN')),
  CONSTRAINT ck_cash_receipts_approval CHECK (approval_no <> '' OR state NOT IN ('CANCELLING', 'CANCEL_REFUSED', 'CANCEL_REQUESTED', 'CANCEL_UNKNOWN', 'ISSUED')),
  CONSTRAINT ck_cash_receipts_sends CHECK (sends >= 0),
  CONSTRAINT ck_cash_receipts_purpose CHECK (purpose IN ('BUSINESS', 'PERSONAL', 'UNNAMED')),
  CONSTRAINT ck_cash_receipts_kind CHECK (kind IN ('BUSINESS', 'CARD', 'PHONE')),
  CONSTRAINT ck_cash_receipts_state CHECK (state IN ('CANCELLED', 'CANCELLING', 'CANCEL_REFUSED', 'CANCEL_REQUESTED', 'CANCEL_UNKNOWN', 'ISSUED', 'REFUSED', 'REQUESTED', 'SENDING', 'UNKNOWN')),
  CONSTRAINT ck_cash_receipts_problem CHECK (problem IN ('', 'CHANNEL', 'DIFFERS', 'MISSING', 'NUMBER_LOST', 'REFUSED')),
  UNIQUE (own_no),
  FOREIGN KEY(replaces_id) REFERENCES cash_receipts (id)
)
 STRICT;

CREATE INDEX ix_cash_receipts_due ON cash_receipts (next_at) WHERE by_hand = 0 AND state IN ('CANCELLING', 'CANCEL_REQUESTED', 'CANCEL_UNKNOWN', 'REQUESTED', 'SENDING', 'UNKNOWN');

CREATE INDEX ix_cash_receipts_open ON cash_receipts (due_at) WHERE state NOT IN ('CANCELLED', 'ISSUED');

CREATE INDEX ix_cash_receipts_order ON cash_receipts (order_id, id);

CREATE UNIQUE INDEX uq_cash_receipts_held ON cash_receipts (order_id) WHERE state IN ('CANCELLING', 'CANCEL_REFUSED', 'CANCEL_REQUESTED', 'CANCEL_UNKNOWN', 'ISSUED', 'SENDING', 'UNKNOWN');

CREATE UNIQUE INDEX uq_cash_receipts_waiting ON cash_receipts (order_id, state) WHERE state = 'REQUESTED';

INSERT INTO id_sequences VALUES ('cash_receipts', 0);

CREATE TRIGGER cash_receipts_fixed BEFORE UPDATE OF id, order_id, purpose, own_no, asked_by, created_at, kind, masked, replaces_id ON cash_receipts
BEGIN SELECT RAISE(ABORT, 'a cash receipt keeps its order, its number and for whom it is'); END;

CREATE TRIGGER cash_receipts_amount BEFORE UPDATE OF amount, tax_free ON cash_receipts
WHEN (NEW.amount <> OLD.amount OR NEW.tax_free <> OLD.tax_free)
  AND (OLD.state <> 'REQUESTED' OR OLD.sends > 0)
BEGIN SELECT RAISE(ABORT, 'the amount of a cash receipt that was sent never changes'); END;

CREATE TRIGGER cash_receipts_sealed BEFORE UPDATE OF sealed ON cash_receipts
WHEN OLD.sealed IS NULL AND NEW.sealed IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a number that was overwritten never comes back'); END;

CREATE TRIGGER cash_receipts_ended BEFORE UPDATE ON cash_receipts
WHEN OLD.state = 'CANCELLED'
BEGIN SELECT RAISE(ABORT, 'a cancelled cash receipt never changes'); END;

CREATE TRIGGER cash_receipts_kept BEFORE DELETE ON cash_receipts
BEGIN SELECT RAISE(ABORT, 'cash receipts are kept'); END;
