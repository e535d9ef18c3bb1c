-- Exchange and refund requests. Frozen: what shops have built with it is never edited, a later file
-- changes it. Why each table and trigger is as it is stands in posapp/store/request_tables.py and
-- triggers.py.

-- The ledger learns new facts. SQLite changes no CHECK in place: the same rows move to a new table of
-- the old name. Triggers go first, as they would follow the old table; its rows are the chain's and
-- stay as they are.
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
  PRIMARY KEY (seq),
  CONSTRAINT ck_ledger_hash CHECK (length(hash) = 64 AND length(previous) = 64),
  CONSTRAINT ck_ledger_amount CHECK (amount BETWEEN -1000000000000 AND 1000000000000),
  CONSTRAINT ck_ledger_fact CHECK (fact IN ('CANCELLED_ELSEWHERE', 'ITEM_CANCELLED', 'PAYMENT_CAPTURED', 'PAYMENT_REJECTED', 'REFUND_APPROVED', 'REFUND_CONFIRMED', 'REFUND_REFUSED', 'REFUND_WITHDRAWN', 'REPLACEMENT_SENT', 'REPLACEMENT_STOPPED', 'REQUEST_APPROVED', 'REQUEST_REJECTED', 'REQUEST_REOPENED', 'REQUEST_WITHDRAWN'))
) STRICT;

INSERT INTO ledger SELECT * FROM ledger_before ORDER BY seq;
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

CREATE TABLE requests (
  id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  seller_id INTEGER NOT NULL,
  buyer_id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  reason TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  processed_at INTEGER,
  processed_by TEXT NOT NULL,
  ended_by TEXT,
  note TEXT NOT NULL,
  refund_id INTEGER,
  product_name TEXT NOT NULL,
  buyer_name TEXT NOT NULL,
  amount INTEGER NOT NULL,
  money TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_requests_kind CHECK (kind IN ('EXCHANGE', 'REFUND')),
  CONSTRAINT ck_requests_state CHECK (state IN ('CANCEL', 'OK', 'WAIT')),
  CONSTRAINT ck_requests_ended_by CHECK (ended_by IN ('BUYER', 'SELLER')),
  CONSTRAINT ck_requests_money CHECK (money IN ('CHECKING', 'NEEDS_PERSON', 'NONE', 'REFUNDED', 'REFUSED', 'WAITING')),
  CONSTRAINT ck_requests_amount CHECK (amount BETWEEN 0 AND 1000000000000),
  CONSTRAINT ck_requests_ended CHECK ((state = 'WAIT') = (processed_at IS NULL) AND (state = 'WAIT') = (ended_by IS NULL)),
  CONSTRAINT ck_requests_refund CHECK ((refund_id IS NOT NULL) = (kind = 'REFUND' AND state = 'OK')),
  CONSTRAINT ck_requests_money_of CHECK ((refund_id IS NULL) = (money = 'NONE')),
  FOREIGN KEY(refund_id) REFERENCES refunds (id)
) STRICT;

CREATE INDEX ix_requests_both ON requests (seller_id, state, kind, created_at);

CREATE INDEX ix_requests_buyer ON requests (buyer_id, created_at);

CREATE INDEX ix_requests_item ON requests (item_id);

CREATE INDEX ix_requests_kind ON requests (seller_id, kind, created_at);

CREATE INDEX ix_requests_money ON requests (seller_id, money, created_at);

CREATE INDEX ix_requests_order ON requests (order_id);

CREATE INDEX ix_requests_seller ON requests (seller_id, created_at);

CREATE INDEX ix_requests_state ON requests (seller_id, state, created_at);

CREATE UNIQUE INDEX uq_requests_refund ON requests (refund_id) WHERE refund_id IS NOT NULL;

CREATE UNIQUE INDEX uq_requests_waiting ON requests (item_id) WHERE state = 'WAIT';

CREATE VIRTUAL TABLE request_words USING fts5(marks, content='', detail=none, tokenize='ascii');

CREATE TRIGGER requests_once BEFORE UPDATE OF state ON requests
WHEN OLD.state <> 'WAIT' AND NEW.state <> 'WAIT'
BEGIN SELECT RAISE(ABORT, 'a request is decided once'); END;

CREATE TRIGGER requests_fixed BEFORE UPDATE OF id, kind, seller_id, buyer_id, item_id, order_id, reason, created_at, product_name, amount ON requests
BEGIN SELECT RAISE(ABORT, 'what was asked for never changes'); END;

CREATE TRIGGER requests_kept BEFORE DELETE ON requests
BEGIN SELECT RAISE(ABORT, 'requests are kept'); END;

CREATE TRIGGER requests_follow_refunds AFTER UPDATE OF state ON refunds
WHEN OLD.state <> NEW.state
BEGIN UPDATE requests SET money = CASE NEW.state WHEN 'APPROVED' THEN 'WAITING' WHEN 'SENDING' THEN 'CHECKING' WHEN 'UNKNOWN' THEN 'CHECKING' WHEN 'CONFIRMED' THEN 'REFUNDED' WHEN 'NEEDS_PERSON' THEN 'NEEDS_PERSON' WHEN 'REFUSED' THEN 'REFUSED' END WHERE refund_id = NEW.id; END;
