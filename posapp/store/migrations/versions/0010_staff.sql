-- Frozen: what shops have built with it is never edited, a later file changes it.

-- Staff, what happened to them, approvals of refunds, and the digest of the recovery code.

CREATE TABLE staff (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  seller_id INTEGER,
  pin_hash TEXT NOT NULL,
  pin_digits INTEGER NOT NULL,
  active INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  tried_at INTEGER,
  tried_boot_ms INTEGER,
  old_pins TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_staff_id CHECK (id > 0),
  CONSTRAINT ck_staff_name CHECK (name <> ''),
  CONSTRAINT ck_staff_active CHECK (active IN (0, 1)),
  CONSTRAINT ck_staff_tries CHECK (tries >= 0),
  CONSTRAINT ck_staff_pin_digits CHECK (pin_digits = 6 OR (pin_digits = 4 AND role = 'CASHIER')),
  CONSTRAINT ck_staff_seller CHECK ((role = 'SELLER') = (seller_id IS NOT NULL)),
  CONSTRAINT ck_staff_role CHECK (role IN ('CASHIER', 'MANAGER', 'SELLER'))
)
 STRICT;

CREATE UNIQUE INDEX uq_staff_name ON staff (name) WHERE active = 1;

CREATE TABLE staff_events (
  seq INTEGER NOT NULL,
  event TEXT NOT NULL,
  at INTEGER NOT NULL,
  staff_id INTEGER,
  actor TEXT NOT NULL,
  detail TEXT NOT NULL,
  previous TEXT NOT NULL,
  hash TEXT NOT NULL,
  key_id TEXT NOT NULL,
  seal TEXT NOT NULL,
  PRIMARY KEY (seq),
  CONSTRAINT ck_staff_events_hash CHECK (length(hash) = 64 AND length(previous) = 64),
  CONSTRAINT ck_staff_events_event CHECK (event IN ('APPROVAL_GIVEN', 'APPROVAL_REFUSED', 'PIN_LOCKED', 'PIN_RECOVERED', 'PIN_RESET', 'PIN_WRONG', 'SEAL_BEGUN', 'SETTING_CHANGED', 'SIGNED_IN', 'SIGNED_OUT', 'STAFF_ADDED', 'STAFF_CHANGED', 'STAFF_REMOVED'))
)
 STRICT;

CREATE INDEX ix_staff_events_person ON staff_events (staff_id, seq);

CREATE TABLE staff_events_head (
  id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_staff_events_head_one CHECK (id = 1)
)
 STRICT;

CREATE TABLE approvals (
  id INTEGER NOT NULL,
  subject TEXT NOT NULL,
  amount INTEGER NOT NULL,
  reason TEXT NOT NULL,
  asked_by INTEGER NOT NULL,
  approved_by INTEGER,
  given_at INTEGER NOT NULL,
  given_boot_ms INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  offline INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (id),
  CONSTRAINT ck_approvals_amount CHECK (amount BETWEEN 1 AND 1000000000000),
  CONSTRAINT ck_approvals_another CHECK (approved_by IS NULL OR approved_by <> asked_by),
  CONSTRAINT ck_approvals_offline CHECK (offline IN (0, 1)),
  CONSTRAINT ck_approvals_expires CHECK (expires_at > given_at),
  FOREIGN KEY(asked_by) REFERENCES staff (id),
  FOREIGN KEY(approved_by) REFERENCES staff (id)
)
 STRICT;

CREATE INDEX ix_approvals_unused ON approvals (asked_by, subject) WHERE used_at IS NULL;

CREATE TABLE staff_recovery (
  id INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_staff_recovery_one CHECK (id = 1)
)
 STRICT;

-- What one person returned today is read by time.

CREATE INDEX ix_refunds_created ON refunds (created_at);

INSERT INTO staff_events_head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

INSERT INTO staff_recovery (id, digest) VALUES (1, '');

INSERT INTO id_sequences VALUES ('staff', 0);

INSERT INTO id_sequences VALUES ('approvals', 0);

CREATE TRIGGER refunds_approved_by_another BEFORE INSERT ON refunds
WHEN NEW.approval_needed = 1 AND NEW.asked_by <> NEW.approved_by
  AND CASE WHEN NEW.asked_by LIKE 'staff:%:%' THEN rtrim(rtrim(NEW.asked_by, '0123456789'), ':abcdefghijklmnopqrstuvwxyz') ELSE NEW.asked_by END = CASE WHEN NEW.approved_by LIKE 'staff:%:%' THEN rtrim(rtrim(NEW.approved_by, '0123456789'), ':abcdefghijklmnopqrstuvwxyz') ELSE NEW.approved_by END
BEGIN SELECT RAISE(ABORT, 'asker and approver of a refund are one person'); END;

CREATE TRIGGER staff_events_grows BEFORE INSERT ON staff_events
WHEN NOT EXISTS (SELECT 1 FROM staff_events_head WHERE seq = NEW.seq - 1 AND hash = NEW.previous)
BEGIN SELECT RAISE(ABORT, 'the list of staff events grows at its end only'); END;

CREATE TRIGGER staff_events_grown AFTER INSERT ON staff_events
BEGIN UPDATE staff_events_head SET seq = NEW.seq, hash = NEW.hash; END;

CREATE TRIGGER staff_events_fixed BEFORE UPDATE ON staff_events
BEGIN SELECT RAISE(ABORT, 'the list of staff events never changes'); END;

CREATE TRIGGER staff_events_kept BEFORE DELETE ON staff_events
BEGIN SELECT RAISE(ABORT, 'the list of staff events is kept'); END;

CREATE TRIGGER staff_events_head_follows BEFORE UPDATE ON staff_events_head
WHEN NEW.seq <> OLD.seq + 1
  OR NOT EXISTS (SELECT 1 FROM staff_events WHERE seq = NEW.seq AND hash = NEW.hash)
BEGIN SELECT RAISE(ABORT, 'the head of staff events follows the list of staff events'); END;

CREATE TRIGGER staff_events_head_kept BEFORE DELETE ON staff_events_head
BEGIN SELECT RAISE(ABORT, 'the head of staff events is kept'); END;

CREATE TRIGGER staff_kept BEFORE DELETE ON staff
BEGIN SELECT RAISE(ABORT, 'staff are kept'); END;

CREATE TRIGGER staff_fixed BEFORE UPDATE OF id ON staff
BEGIN SELECT RAISE(ABORT, 'staff keep their number'); END;

CREATE TRIGGER staff_manager_first BEFORE INSERT ON staff
WHEN (NEW.role <> 'MANAGER' OR NEW.active = 0)
  AND NOT EXISTS (SELECT 1 FROM staff WHERE role = 'MANAGER' AND active = 1)
BEGIN SELECT RAISE(ABORT, 'the first of the staff is a manager'); END;

CREATE TRIGGER staff_manager_left BEFORE UPDATE OF role, active ON staff
WHEN (NEW.role <> 'MANAGER' OR NEW.active = 0)
  AND NOT EXISTS (SELECT 1 FROM staff
                  WHERE role = 'MANAGER' AND active = 1 AND id <> OLD.id)
BEGIN SELECT RAISE(ABORT, 'an active manager is left'); END;

CREATE TRIGGER approvals_fixed BEFORE UPDATE OF id, subject, amount, reason, asked_by, approved_by, given_at, given_boot_ms, expires_at, offline ON approvals
BEGIN SELECT RAISE(ABORT, 'an approval is bound to what was approved'); END;

CREATE TRIGGER approvals_once BEFORE UPDATE OF used_at ON approvals
WHEN OLD.used_at IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'an approval is used once'); END;

CREATE TRIGGER approvals_kept BEFORE DELETE ON approvals
BEGIN SELECT RAISE(ABORT, 'approvals are kept'); END;
