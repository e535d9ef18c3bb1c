-- The first schema. Frozen: what shops have built with it is never edited, a later file changes it.
-- Why each table and trigger is as it is stands in posapp/store/tables.py and triggers.py.

CREATE TABLE users (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  nickname TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  status TEXT NOT NULL,
  phone_digits TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_users_id CHECK (id > 0),
  CONSTRAINT ck_users_status CHECK (status IN ('ADMIN', 'COMMON', 'SELLER'))
) STRICT;

CREATE TABLE products (
  id INTEGER NOT NULL,
  seller_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  price INTEGER NOT NULL,
  stock INTEGER NOT NULL,
  barcode TEXT NOT NULL,
  category TEXT NOT NULL,
  active INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_products_id CHECK (id > 0),
  CONSTRAINT ck_products_price CHECK (price BETWEEN 0 AND 1000000000000),
  CONSTRAINT ck_products_stock CHECK (stock >= 0),
  CONSTRAINT ck_products_active CHECK (active IN (0, 1))
) STRICT;

CREATE TABLE orders (
  id INTEGER NOT NULL,
  buyer_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  is_open INTEGER DEFAULT 0 NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_orders_id CHECK (id > 0),
  CONSTRAINT ck_orders_is_open CHECK (is_open IN (0, 1))
) STRICT;
CREATE INDEX ix_orders_created ON orders (created_at, id);
CREATE INDEX ix_orders_open ON orders (created_at, id) WHERE is_open = 1;
CREATE INDEX ix_orders_buyer ON orders (buyer_id, created_at, id);

CREATE TABLE attempts (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  merchant_uid TEXT NOT NULL,
  amount INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  link_url TEXT NOT NULL,
  expires_at INTEGER,
  opened_at INTEGER,
  closed_at INTEGER,
  imp_uid TEXT NOT NULL,
  reason TEXT NOT NULL,
  next_check_at INTEGER,
  checks_done INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_attempts_number CHECK (length(merchant_uid) BETWEEN 1 AND 40),
  CONSTRAINT ck_attempts_amount CHECK (amount BETWEEN 1 AND 1000000000000),
  CONSTRAINT ck_attempts_checks CHECK (checks_done >= 0),
  CONSTRAINT ck_attempts_state CHECK (state IN ('ABANDONED', 'CREATED', 'EXPIRED', 'FAILED', 'PAID', 'UNKNOWN', 'WAITING')),
  UNIQUE (merchant_uid)
) STRICT;
CREATE INDEX ix_attempts_order ON attempts (order_id, id);
CREATE UNIQUE INDEX uq_attempts_live ON attempts (order_id) WHERE state IN ('CREATED', 'UNKNOWN', 'WAITING');
CREATE INDEX ix_attempts_due ON attempts (next_check_at, id) WHERE next_check_at IS NOT NULL;

CREATE TABLE payments (
  id INTEGER NOT NULL,
  imp_uid TEXT NOT NULL,
  merchant_uid TEXT NOT NULL,
  order_id INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  paid_at INTEGER NOT NULL,
  standing TEXT NOT NULL,
  receipt_url TEXT NOT NULL,
  sandbox INTEGER NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_payments_imp_uid CHECK (imp_uid <> ''),
  CONSTRAINT ck_payments_amount CHECK (amount BETWEEN 0 AND 1000000000000 AND (amount > 0 OR standing <> 'ACCEPTED')),
  CONSTRAINT ck_payments_sandbox CHECK (sandbox IN (0, 1)),
  CONSTRAINT ck_payments_standing CHECK (standing IN ('ACCEPTED', 'REJECTED')),
  UNIQUE (imp_uid)
) STRICT;
CREATE INDEX ix_payments_order ON payments (order_id, id);
CREATE UNIQUE INDEX uq_payments_accepted ON payments (order_id) WHERE standing = 'ACCEPTED';

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
  CONSTRAINT ck_ledger_fact CHECK (fact IN ('CANCELLED_ELSEWHERE', 'ITEM_CANCELLED', 'PAYMENT_CAPTURED', 'PAYMENT_REJECTED', 'REFUND_APPROVED', 'REFUND_CONFIRMED', 'REFUND_REFUSED'))
) STRICT;
CREATE INDEX ix_ledger_order ON ledger (order_id, seq);

CREATE TABLE ledger_head (
  id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_ledger_head_one CHECK (id = 1)
) STRICT;

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
  CONSTRAINT ck_mismatches_kind CHECK (kind IN ('FOREIGN_PAYMENT', 'UNKNOWN_STATUS'))
) STRICT;
CREATE UNIQUE INDEX uq_mismatches_open ON mismatches (kind, merchant_uid, imp_uid) WHERE settled_at IS NULL;

CREATE TABLE order_items (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  buyer_id INTEGER NOT NULL,
  seller_id INTEGER NOT NULL,
  product_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  price INTEGER NOT NULL,
  count INTEGER NOT NULL,
  status TEXT NOT NULL,
  cancel_reason TEXT NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_order_items_position UNIQUE (order_id, position),
  CONSTRAINT ck_order_items_id CHECK (id > 0),
  CONSTRAINT ck_order_items_count CHECK (count > 0),
  CONSTRAINT ck_order_items_price CHECK (price >= 0 AND price * count <= 1000000000000),
  CONSTRAINT ck_order_items_status CHECK (status IN ('CANCEL', 'COMPLETE_PAYMENT', 'DELIVERY_COMPLETE', 'SHIPPING', 'WAITING_FOR_DELIVERY', 'WAITING_FOR_PAYMENT')),
  FOREIGN KEY(order_id) REFERENCES orders (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE refunds (
  id INTEGER NOT NULL,
  imp_uid TEXT NOT NULL,
  order_id INTEGER NOT NULL,
  item_id INTEGER,
  origin TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  tag TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  state TEXT NOT NULL,
  checksum INTEGER,
  sends INTEGER NOT NULL,
  sent_at INTEGER,
  unclear_at INTEGER,
  confirmed_at INTEGER,
  cancellation_id TEXT NOT NULL,
  raw_code INTEGER,
  raw_text TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_refunds_amount CHECK (amount BETWEEN 1 AND 1000000000000),
  CONSTRAINT ck_refunds_tag CHECK (tag <> ''),
  CONSTRAINT ck_refunds_sends CHECK (sends >= 0),
  CONSTRAINT ck_refunds_origin CHECK (origin IN ('ELSEWHERE', 'ITEM', 'REJECTED_PAYMENT')),
  CONSTRAINT ck_refunds_state CHECK (state IN ('APPROVED', 'CONFIRMED', 'NEEDS_PERSON', 'REFUSED', 'SENDING', 'UNKNOWN')),
  FOREIGN KEY(imp_uid) REFERENCES payments (imp_uid),
  UNIQUE (tag)
) STRICT;
CREATE INDEX ix_refunds_item ON refunds (item_id, id);
CREATE UNIQUE INDEX uq_refunds_in_flight ON refunds (imp_uid) WHERE state IN ('NEEDS_PERSON', 'SENDING', 'UNKNOWN');
CREATE INDEX ix_refunds_order ON refunds (order_id, id);
CREATE INDEX ix_refunds_state ON refunds (state, id);
CREATE UNIQUE INDEX uq_refunds_item ON refunds (item_id) WHERE item_id IS NOT NULL AND state <> 'REFUSED';
CREATE INDEX ix_refunds_payment ON refunds (imp_uid, id);

CREATE TABLE outbox (
  id INTEGER NOT NULL,
  refund_id INTEGER NOT NULL,
  payment_key TEXT NOT NULL,
  state TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  lease INTEGER NOT NULL,
  last_error TEXT NOT NULL,
  ready_at INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_outbox_counts CHECK (attempts >= 0 AND lease >= 0),
  CONSTRAINT ck_outbox_state CHECK (state IN ('ABANDONED', 'CLAIMED', 'SETTLED', 'WAITING')),
  UNIQUE (refund_id),
  FOREIGN KEY(refund_id) REFERENCES refunds (id)
) STRICT;
CREATE INDEX ix_outbox_payment ON outbox (payment_key, id) WHERE state <> 'SETTLED';
CREATE INDEX ix_outbox_ready ON outbox (ready_at, id) WHERE state IN ('CLAIMED', 'WAITING');

CREATE TRIGGER order_items_added AFTER INSERT ON order_items
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_moved AFTER UPDATE OF status ON order_items
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = NEW.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_removed AFTER DELETE ON order_items
BEGIN
  UPDATE orders SET is_open =
    EXISTS (SELECT 1 FROM order_items
            WHERE order_id = OLD.order_id AND status = 'WAITING_FOR_PAYMENT')
    AND NOT EXISTS (SELECT 1 FROM order_items
            WHERE order_id = OLD.order_id AND status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL'))
  WHERE id = OLD.order_id;
END;

CREATE TRIGGER order_items_fixed BEFORE UPDATE OF id, order_id, buyer_id, name, price, count ON order_items
BEGIN SELECT RAISE(ABORT, 'what was ordered never changes'); END;

CREATE TRIGGER attempts_fixed BEFORE UPDATE OF id, order_id, merchant_uid, amount ON attempts
BEGIN SELECT RAISE(ABORT, 'an attempt keeps its number, order and amount'); END;

CREATE TRIGGER attempts_kept BEFORE DELETE ON attempts
BEGIN SELECT RAISE(ABORT, 'attempts are kept'); END;

CREATE TRIGGER payments_fixed BEFORE UPDATE OF id, imp_uid, merchant_uid, order_id, amount ON payments
BEGIN SELECT RAISE(ABORT, 'captured money never changes'); END;

CREATE TRIGGER payments_kept BEFORE DELETE ON payments
BEGIN SELECT RAISE(ABORT, 'payments are kept'); END;

CREATE TRIGGER refunds_fixed BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag ON refunds
BEGIN SELECT RAISE(ABORT, 'a refund keeps its payment, item, amount and tag'); END;

CREATE TRIGGER refunds_kept BEFORE DELETE ON refunds
BEGIN SELECT RAISE(ABORT, 'refunds are kept'); END;

CREATE TRIGGER refunds_added_within AFTER INSERT ON refunds
WHEN (SELECT coalesce(sum(amount), 0) FROM refunds
      WHERE imp_uid = NEW.imp_uid AND state <> 'REFUSED')
  > coalesce((SELECT amount FROM payments WHERE imp_uid = NEW.imp_uid), 0)
BEGIN SELECT RAISE(ABORT, 'refunds exceed the payment'); END;

CREATE TRIGGER refunds_moved_within AFTER UPDATE OF state ON refunds
WHEN (SELECT coalesce(sum(amount), 0) FROM refunds
      WHERE imp_uid = NEW.imp_uid AND state <> 'REFUSED')
  > coalesce((SELECT amount FROM payments WHERE imp_uid = NEW.imp_uid), 0)
BEGIN SELECT RAISE(ABORT, 'refunds exceed the payment'); END;

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

CREATE TRIGGER ledger_head_kept BEFORE DELETE ON ledger_head
BEGIN SELECT RAISE(ABORT, 'the head is kept'); END;

INSERT INTO ledger_head (id, seq, hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');
