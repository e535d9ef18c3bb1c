-- Modes, claims, seals, approval. Frozen: what shops have built with it is never edited, a later file
-- changes it.

-- Demo, test and live share no database: written at its first opening; empty in what is older.
ALTER TABLE till ADD COLUMN mode TEXT DEFAULT '' NOT NULL CONSTRAINT ck_till_mode CHECK (mode IN ('', 'demo', 'live', 'test'));

-- Where a refund has to be approved, it is by somebody else than who asked for it.
ALTER TABLE refunds ADD COLUMN approval_needed INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_refunds_approval CHECK (approval_needed IN (0, 1) AND (approval_needed = 0 OR (asked_by <> '' AND approved_by <> '' AND asked_by <> approved_by)));

CREATE TRIGGER refunds_people_fixed BEFORE UPDATE OF asked_by, approved_by, approval_needed ON refunds
BEGIN SELECT RAISE(ABORT, 'who asked for a refund and who approved it never changes'); END;

-- Payments that a file claims: nothing of them counts before PortOne has shown them.
CREATE TABLE payment_claims (
  order_id INTEGER NOT NULL,
  imp_uid TEXT NOT NULL,
  merchant_uid TEXT NOT NULL,
  amount INTEGER NOT NULL,
  paid_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  content TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER,
  checks INTEGER NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (order_id),
  CONSTRAINT ck_payment_claims_amount CHECK (amount BETWEEN 1 AND 1000000000000),
  CONSTRAINT ck_payment_claims_due CHECK ((state = 'WAITING') = (due_at IS NOT NULL)),
  CONSTRAINT ck_payment_claims_state CHECK (state IN ('CONFIRMED', 'DENIED', 'WAITING'))
) STRICT;

CREATE INDEX ix_payment_claims_due ON payment_claims (due_at, order_id) WHERE state = 'WAITING';

CREATE UNIQUE INDEX uq_payment_claims_imp_uid ON payment_claims (imp_uid) WHERE state <> 'DENIED';

CREATE UNIQUE INDEX uq_payment_claims_merchant_uid ON payment_claims (merchant_uid) WHERE state <> 'DENIED';

CREATE TRIGGER payment_claims_kept BEFORE DELETE ON payment_claims
BEGIN SELECT RAISE(ABORT, 'claims are kept'); END;

-- An order is open while an item waits for payment, none is paid, and no file claims a payment of it
-- for which PortOne has not answered.
DROP TRIGGER order_items_added;
DROP TRIGGER order_items_moved;
DROP TRIGGER order_items_removed;

CREATE TRIGGER order_items_added AFTER INSERT ON order_items
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
    AND NOT EXISTS (SELECT 1 FROM payment_claims
            WHERE order_id = NEW.order_id AND state = 'WAITING')
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_moved AFTER UPDATE OF status ON order_items
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
    AND NOT EXISTS (SELECT 1 FROM payment_claims
            WHERE order_id = NEW.order_id AND state = 'WAITING')
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_removed AFTER DELETE ON order_items
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = OLD.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = OLD.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
    AND NOT EXISTS (SELECT 1 FROM payment_claims
            WHERE order_id = OLD.order_id AND state = 'WAITING')
  WHERE id = OLD.order_id;
END;

CREATE TRIGGER payment_claims_added AFTER INSERT ON payment_claims
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
    AND NOT EXISTS (SELECT 1 FROM payment_claims
            WHERE order_id = NEW.order_id AND state = 'WAITING')
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER payment_claims_moved AFTER UPDATE OF state ON payment_claims
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
    AND NOT EXISTS (SELECT 1 FROM payment_claims
            WHERE order_id = NEW.order_id AND state = 'WAITING')
  WHERE id = NEW.order_id;
END;

-- The ledger learns the fact that its sealing began, and the form of each row's hash. SQLite changes
-- no CHECK in place: the same rows move to a new table of the old name. Triggers go first, as they
-- would follow the old table; its rows are the chain's and stay as they are.
DROP TRIGGER ledger_grows;
DROP TRIGGER ledger_grown;
DROP TRIGGER ledger_fixed;
DROP TRIGGER ledger_kept;
DROP TRIGGER ledger_head_follows;
DROP INDEX ix_ledger_order;
ALTER TABLE ledger RENAME TO ledger_before;

CREATE TABLE ledger (
  seq INTEGER NOT NULL,
  fact TEXT NOT NULL,
  amount INTEGER NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  order_id INTEGER,
  item_id INTEGER,
  imp_uid TEXT NOT NULL,
  reference TEXT NOT NULL,
  reason TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  form INTEGER NOT NULL,
  PRIMARY KEY (seq),
  CONSTRAINT ck_ledger_hash CHECK (length(hash) = 64 AND length(previous) = 64),
  CONSTRAINT ck_ledger_amount CHECK (amount BETWEEN -1000000000000 AND 1000000000000),
  CONSTRAINT ck_ledger_form CHECK (form IN (1, 2)),
  CONSTRAINT ck_ledger_fact CHECK (fact IN ('CANCELLED_ELSEWHERE', 'ITEM_CANCELLED', 'PAYMENT_CAPTURED', 'PAYMENT_REJECTED', 'REFUND_APPROVED', 'REFUND_CONFIRMED', 'REFUND_REFUSED', 'REFUND_WITHDRAWN', 'REPLACEMENT_SENT', 'REPLACEMENT_STOPPED', 'REQUEST_APPROVED', 'REQUEST_REJECTED', 'REQUEST_REOPENED', 'REQUEST_WITHDRAWN', 'SEAL_BEGUN'))
) STRICT;

INSERT INTO ledger SELECT *, 1 FROM ledger_before ORDER BY seq;
DROP TABLE ledger_before;

CREATE INDEX ix_ledger_order ON ledger (order_id, seq);

CREATE TRIGGER ledger_grows BEFORE INSERT ON ledger
WHEN NOT EXISTS (SELECT 1 FROM ledger_head WHERE seq = NEW.seq - 1 AND hash = NEW.previous)
BEGIN SELECT RAISE(ABORT, 'the ledger grows at its end only'); END;

CREATE TRIGGER ledger_grown AFTER INSERT ON ledger
BEGIN UPDATE ledger_head SET seq = NEW.seq, hash = NEW.hash; END;

CREATE TRIGGER ledger_fixed BEFORE UPDATE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger never changes'); END;

CREATE TRIGGER ledger_kept BEFORE DELETE ON ledger
BEGIN SELECT RAISE(ABORT, 'the ledger is kept'); END;

CREATE TRIGGER ledger_head_follows BEFORE UPDATE ON ledger_head
WHEN NEW.seq <> OLD.seq + 1
  OR NOT EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the head follows the ledger'); END;

-- HMACs of rows, with a key that is not in this file; a row without one was written without a key.
CREATE TABLE ledger_seals (
  seq INTEGER NOT NULL,
  key_id TEXT NOT NULL,
  seal TEXT NOT NULL,
  PRIMARY KEY (seq),
  CONSTRAINT ck_ledger_seals_seal CHECK (length(seal) = 64)
) STRICT;

CREATE TRIGGER ledger_seals_fixed BEFORE UPDATE ON ledger_seals
BEGIN SELECT RAISE(ABORT, 'a seal never changes'); END;

CREATE TRIGGER ledger_seals_kept BEFORE DELETE ON ledger_seals
BEGIN SELECT RAISE(ABORT, 'seals are kept'); END;
