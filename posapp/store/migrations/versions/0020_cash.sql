-- Frozen: what shops have built with it is never edited, a later file changes it.

CREATE TABLE shifts (
  id INTEGER NOT NULL,
  business_date TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  opening_float INTEGER NOT NULL,
  closed_at INTEGER,
  closed_by TEXT NOT NULL,
  counted INTEGER,
  expected INTEGER,
  reason TEXT NOT NULL,
  z_no INTEGER,
  till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_shifts_till CHECK (till >= 0),
  PRIMARY KEY (id),
  CONSTRAINT ck_shifts_float CHECK (opening_float BETWEEN 0 AND 99999999),
  CONSTRAINT ck_shifts_closed CHECK ((closed_at IS NULL) = (counted IS NULL) AND (closed_at IS NULL) = (expected IS NULL) AND (closed_at IS NULL) = (z_no IS NULL)),
  CONSTRAINT ck_shifts_reason CHECK (counted = expected OR reason <> '')
)
 STRICT;

CREATE UNIQUE INDEX uq_shifts_open ON shifts (till) WHERE closed_at IS NULL;

CREATE UNIQUE INDEX uq_shifts_z_no ON shifts (till, z_no) WHERE z_no IS NOT NULL;

CREATE TABLE z_reports (
  z_no INTEGER NOT NULL,
  shift_id INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  hash TEXT NOT NULL,
  previous TEXT NOT NULL,
  PRIMARY KEY (z_no),
  CONSTRAINT ck_z_reports_z_no CHECK (z_no > 0),
  CONSTRAINT ck_z_reports_hash CHECK (length(hash) = 64 AND length(previous) = 64),
  UNIQUE (shift_id),
  FOREIGN KEY(shift_id) REFERENCES shifts (id)
)
 STRICT;

CREATE TABLE cash_tenders (
  id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  part INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  received INTEGER NOT NULL,
  change INTEGER NOT NULL,
  tax_free INTEGER NOT NULL,
  state TEXT NOT NULL,
  shift_id INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_cash_tenders_till CHECK (till >= 0),
  PRIMARY KEY (id),
  CONSTRAINT ck_cash_tenders_part CHECK (part BETWEEN 1 AND 2),
  CONSTRAINT ck_cash_tenders_amounts CHECK (amount > 0 AND change >= 0 AND amount + change = received AND received <= 99999999 AND tax_free BETWEEN 0 AND amount),
  CONSTRAINT ck_cash_tenders_state CHECK (state IN ('KEPT', 'RECEIVED', 'RETURNED')),
  FOREIGN KEY(shift_id) REFERENCES shifts (id)
)
 STRICT;

CREATE INDEX ix_cash_tenders_held ON cash_tenders (id) WHERE state = 'RECEIVED';

CREATE INDEX ix_cash_tenders_kept ON cash_tenders (received_at) WHERE state = 'KEPT';

CREATE INDEX ix_cash_tenders_order ON cash_tenders (order_id, id);

CREATE UNIQUE INDEX uq_cash_tenders_part ON cash_tenders (order_id, part) WHERE state <> 'RETURNED';

CREATE TABLE cash_moves (
  id INTEGER NOT NULL,
  shift_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  moved_by TEXT NOT NULL,
  moved_at INTEGER NOT NULL,
  till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_cash_moves_till CHECK (till >= 0),
  PRIMARY KEY (id),
  CONSTRAINT ck_cash_moves_amount CHECK (amount BETWEEN 1 AND 99999999),
  CONSTRAINT ck_cash_moves_reason CHECK (reason <> ''),
  CONSTRAINT ck_cash_moves_kind CHECK (kind IN ('IN', 'OUT')),
  FOREIGN KEY(shift_id) REFERENCES shifts (id)
)
 STRICT;

CREATE INDEX ix_cash_moves_shift ON cash_moves (shift_id, id);

CREATE TABLE cash_refunds (
  id INTEGER NOT NULL,
  item_id INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  tax_free INTEGER NOT NULL,
  state TEXT NOT NULL,
  reason TEXT NOT NULL,
  asked_by TEXT NOT NULL,
  approved_by TEXT NOT NULL,
  approval_needed INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  shift_id INTEGER,
  paid_at INTEGER,
  refund_id INTEGER,
  till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_cash_refunds_till CHECK (till >= 0),
  PRIMARY KEY (id),
  CONSTRAINT ck_cash_refunds_amounts CHECK (amount BETWEEN 1 AND 1000000000000 AND tax_free BETWEEN 0 AND amount),
  CONSTRAINT ck_cash_refunds_paid CHECK ((state = 'PAID_OUT') = (paid_at IS NOT NULL) AND (paid_at IS NULL) = (shift_id IS NULL)),
  CONSTRAINT ck_cash_refunds_approval CHECK (approval_needed IN (0, 1) AND (approval_needed = 0 OR (asked_by <> '' AND approved_by <> '' AND asked_by <> approved_by))),
  CONSTRAINT ck_cash_refunds_state CHECK (state IN ('DROPPED', 'PAID_OUT', 'WAITING')),
  FOREIGN KEY(shift_id) REFERENCES shifts (id),
  FOREIGN KEY(refund_id) REFERENCES refunds (id)
)
 STRICT;

CREATE INDEX ix_cash_refunds_created ON cash_refunds (created_at);

CREATE INDEX ix_cash_refunds_order ON cash_refunds (order_id, id);

CREATE INDEX ix_cash_refunds_paid ON cash_refunds (paid_at) WHERE paid_at IS NOT NULL;

CREATE INDEX ix_cash_refunds_waiting ON cash_refunds (id) WHERE state = 'WAITING';

CREATE UNIQUE INDEX uq_cash_refunds_item ON cash_refunds (item_id) WHERE state <> 'DROPPED';

CREATE INDEX ix_ledger_cash ON ledger (reference, fact) WHERE fact IN ('CASH_OVER_SHORT', 'CASH_PAID_IN', 'CASH_PAID_OUT', 'CASH_RECEIVED', 'CASH_REFUNDED', 'CASH_RETURNED', 'SHIFT_CLOSED', 'SHIFT_OPENED');

INSERT INTO id_sequences VALUES ('shifts', 0);

INSERT INTO id_sequences VALUES ('cash_tenders', 0);

INSERT INTO id_sequences VALUES ('cash_moves', 0);

INSERT INTO id_sequences VALUES ('cash_refunds', 0);

CREATE TRIGGER order_items_paid BEFORE UPDATE OF status ON order_items
WHEN OLD.status = 'WAITING_FOR_PAYMENT' AND NEW.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')
  AND ((SELECT counter FROM orders WHERE id = NEW.order_id) = 1
    OR EXISTS (SELECT 1 FROM cash_tenders WHERE order_id = NEW.order_id))
  AND (SELECT coalesce(sum(amount), 0) FROM cash_tenders
    WHERE order_id = NEW.order_id AND state = 'KEPT') + (SELECT coalesce(sum(amount), 0) FROM payments
    WHERE order_id = NEW.order_id AND standing = 'ACCEPTED')
    <> (SELECT coalesce(sum(price * count - discount), 0) FROM order_items
    WHERE order_id = NEW.order_id AND status <> 'CANCEL')
BEGIN SELECT RAISE(ABORT, 'what was paid is not what was ordered'); END;

CREATE TRIGGER shifts_fixed BEFORE UPDATE OF id, business_date, opened_at, opened_by, opening_float, till ON shifts
BEGIN SELECT RAISE(ABORT, 'how a shift began never changes'); END;

CREATE TRIGGER shifts_once BEFORE UPDATE ON shifts
WHEN OLD.closed_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a shift is closed once'); END;

CREATE TRIGGER shifts_kept BEFORE DELETE ON shifts
BEGIN SELECT RAISE(ABORT, 'shifts are kept'); END;

CREATE TRIGGER cash_tenders_in_shift BEFORE INSERT ON cash_tenders
WHEN NOT EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND closed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'cash moves while a shift is open only'); END;

CREATE TRIGGER cash_moves_in_shift BEFORE INSERT ON cash_moves
WHEN NOT EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND closed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'cash moves while a shift is open only'); END;

CREATE TRIGGER cash_refunds_in_shift BEFORE INSERT ON cash_refunds
WHEN NEW.shift_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND closed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'cash moves while a shift is open only'); END;

CREATE TRIGGER cash_payouts_in_shift BEFORE UPDATE ON cash_refunds
WHEN NEW.state = 'PAID_OUT' AND NOT EXISTS (SELECT 1 FROM shifts WHERE id = NEW.shift_id AND closed_at IS NULL)
BEGIN SELECT RAISE(ABORT, 'cash moves while a shift is open only'); END;

CREATE TRIGGER cash_tenders_fixed BEFORE UPDATE OF id, order_id, part, amount, received, change, tax_free, shift_id, received_at, till ON cash_tenders
BEGIN SELECT RAISE(ABORT, 'received cash never changes'); END;

CREATE TRIGGER cash_tenders_once BEFORE UPDATE OF state ON cash_tenders
WHEN OLD.state <> 'RECEIVED'
BEGIN SELECT RAISE(ABORT, 'received cash is kept or returned once'); END;

CREATE TRIGGER cash_tenders_kept BEFORE DELETE ON cash_tenders
BEGIN SELECT RAISE(ABORT, 'cash tenders are kept'); END;

CREATE TRIGGER cash_tenders_within AFTER INSERT ON cash_tenders
WHEN (SELECT sum(amount) FROM cash_tenders
    WHERE order_id = NEW.order_id AND state <> 'RETURNED')
  > (SELECT coalesce(sum(price * count - discount), 0) FROM order_items
    WHERE order_id = NEW.order_id AND status <> 'CANCEL')
BEGIN SELECT RAISE(ABORT, 'more cash than the order comes to'); END;

CREATE TRIGGER cash_moves_fixed BEFORE UPDATE ON cash_moves
BEGIN SELECT RAISE(ABORT, 'moved cash never changes'); END;

CREATE TRIGGER cash_moves_kept BEFORE DELETE ON cash_moves
BEGIN SELECT RAISE(ABORT, 'movements of cash are kept'); END;

CREATE TRIGGER cash_refunds_fixed BEFORE UPDATE OF id, item_id, order_id, amount, tax_free, reason, asked_by, approved_by, approval_needed, created_at, refund_id, till ON cash_refunds
BEGIN SELECT RAISE(ABORT, 'a refund in cash keeps its item, amount and people'); END;

CREATE TRIGGER cash_refunds_once BEFORE UPDATE ON cash_refunds
WHEN OLD.state <> 'WAITING'
BEGIN SELECT RAISE(ABORT, 'a refund in cash ends once'); END;

CREATE TRIGGER cash_refunds_kept BEFORE DELETE ON cash_refunds
BEGIN SELECT RAISE(ABORT, 'refunds in cash are kept'); END;

CREATE TRIGGER cash_refunds_within AFTER INSERT ON cash_refunds
WHEN (SELECT sum(amount) FROM cash_refunds
    WHERE order_id = NEW.order_id AND state <> 'DROPPED')
  > (SELECT coalesce(sum(amount), 0) FROM cash_tenders
    WHERE order_id = NEW.order_id AND state = 'KEPT')
BEGIN SELECT RAISE(ABORT, 'refunds in cash exceed the cash'); END;

CREATE TRIGGER cash_refunds_approved_by_another BEFORE INSERT ON cash_refunds
WHEN NEW.approval_needed = 1 AND NEW.asked_by <> NEW.approved_by
  AND CASE WHEN NEW.asked_by LIKE 'staff:%:%' THEN rtrim(rtrim(NEW.asked_by, '0123456789'), ':abcdefghijklmnopqrstuvwxyz') ELSE NEW.asked_by END = CASE WHEN NEW.approved_by LIKE 'staff:%:%' THEN rtrim(rtrim(NEW.approved_by, '0123456789'), ':abcdefghijklmnopqrstuvwxyz') ELSE NEW.approved_by END
BEGIN SELECT RAISE(ABORT, 'asker and approver of a refund in cash are one person'); END;

CREATE TRIGGER z_reports_grow BEFORE INSERT ON z_reports
WHEN NEW.z_no <> (SELECT count(*) + 1 FROM z_reports)
  OR NEW.previous <> coalesce((SELECT hash FROM z_reports ORDER BY z_no DESC LIMIT 1), '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'Z reports have no gap'); END;

CREATE TRIGGER z_reports_fixed BEFORE UPDATE ON z_reports
BEGIN SELECT RAISE(ABORT, 'a Z report never changes'); END;

CREATE TRIGGER z_reports_kept BEFORE DELETE ON z_reports
BEGIN SELECT RAISE(ABORT, 'Z reports are kept'); END;
