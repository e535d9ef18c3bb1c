-- Frozen: what shops have built with it is never edited, a later file changes it.

-- Through which provider and with which tender money was captured, and at which till. What is here was
-- captured by PortOne V1 at a shop's only till, and what was accepted was paid with KakaoPay.
ALTER TABLE attempts ADD COLUMN provider TEXT DEFAULT 'portone_v1' NOT NULL CONSTRAINT ck_attempts_provider CHECK (provider IN ('portone_v1'));
ALTER TABLE attempts ADD COLUMN till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_attempts_till CHECK (till >= 0);
ALTER TABLE payments ADD COLUMN provider TEXT DEFAULT 'portone_v1' NOT NULL CONSTRAINT ck_payments_provider CHECK (provider IN ('portone_v1'));
ALTER TABLE payments ADD COLUMN tender TEXT DEFAULT 'KAKAOPAY' NOT NULL CONSTRAINT ck_payments_tender CHECK (tender IN ('KAKAOPAY', 'UNKNOWN'));
ALTER TABLE payments ADD COLUMN till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_payments_till CHECK (till >= 0);
ALTER TABLE refunds ADD COLUMN till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_refunds_till CHECK (till >= 0);
ALTER TABLE outbox ADD COLUMN till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_outbox_till CHECK (till >= 0);

-- The provider accepted the last send: the number that it named, or empty. Nothing earlier was accepted only.
ALTER TABLE refunds ADD COLUMN accepted_line TEXT;

-- The hash of a row covers them from form 3 on; in older rows both stay empty.
ALTER TABLE ledger ADD COLUMN provider TEXT DEFAULT '' NOT NULL CONSTRAINT ck_ledger_provider CHECK (provider IN ('', 'portone_v1'));
ALTER TABLE ledger ADD COLUMN till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_ledger_till CHECK (till >= 0);

DROP TRIGGER attempts_fixed;
DROP TRIGGER payments_fixed;
DROP TRIGGER refunds_fixed;

-- Money that was not accepted was paid with KakaoPay for certain only if the check after that one failed.
UPDATE payments SET tender = 'UNKNOWN'
WHERE standing = 'REJECTED' AND problem NOT IN ('verify_test_in_live', 'verify_live_in_test');

CREATE TRIGGER attempts_fixed BEFORE UPDATE OF id, order_id, merchant_uid, amount, provider, till ON attempts
BEGIN SELECT RAISE(ABORT, 'an attempt keeps its number, order and amount'); END;

CREATE TRIGGER payments_fixed BEFORE UPDATE OF id, imp_uid, merchant_uid, order_id, amount, provider, tender, till ON payments
BEGIN SELECT RAISE(ABORT, 'captured money never changes'); END;

CREATE TRIGGER refunds_fixed BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag, till ON refunds
BEGIN SELECT RAISE(ABORT, 'a refund keeps its payment, item, amount and tag'); END;

-- The last id that each kind of record was given. Ids continue after those of the rows.
CREATE TABLE id_sequences (
  name TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (name),
  CONSTRAINT ck_id_sequences_last CHECK (last >= 0)
) STRICT;

INSERT INTO id_sequences SELECT 'attempts', coalesce(max(id), 0) FROM attempts;
INSERT INTO id_sequences SELECT 'mismatches', coalesce(max(id), 0) FROM mismatches;
INSERT INTO id_sequences SELECT 'outbox', coalesce(max(id), 0) FROM outbox;
INSERT INTO id_sequences SELECT 'payments', coalesce(max(id), 0) FROM payments;
INSERT INTO id_sequences SELECT 'refunds', coalesce(max(id), 0) FROM refunds;
INSERT INTO id_sequences SELECT 'requests', coalesce(max(id), 0) FROM requests;

CREATE TRIGGER id_sequences_grow BEFORE UPDATE ON id_sequences
WHEN NEW.name <> OLD.name OR NEW.last < OLD.last
BEGIN SELECT RAISE(ABORT, 'an id is given once'); END;

CREATE TRIGGER id_sequences_kept BEFORE DELETE ON id_sequences
BEGIN SELECT RAISE(ABORT, 'id sequences are kept'); END;
