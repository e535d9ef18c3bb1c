-- Frozen: what shops have built with it is never edited, a later file changes it.

ALTER TABLE cash_refunds ADD COLUMN replaces INTEGER;
ALTER TABLE cash_refunds ADD COLUMN replaced INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_cash_refunds_replaced CHECK (replaced BETWEEN 0 AND amount AND (replaces IS NULL) = (replaced = 0));

DROP TRIGGER cash_refunds_fixed;
DROP TRIGGER cash_refunds_within;

CREATE TRIGGER cash_refunds_fixed BEFORE UPDATE OF id, item_id, order_id, amount, tax_free, reason, asked_by, approved_by, approval_needed, created_at, refund_id, till, replaces, replaced ON cash_refunds
BEGIN SELECT RAISE(ABORT, 'a refund in cash keeps its item, amount and people'); END;

CREATE TRIGGER cash_refunds_within AFTER INSERT ON cash_refunds
WHEN (SELECT sum(amount - replaced) FROM cash_refunds
    WHERE order_id = NEW.order_id AND state <> 'DROPPED')
  > (SELECT coalesce(sum(amount), 0) FROM cash_tenders
    WHERE order_id = NEW.order_id AND state = 'KEPT')
BEGIN SELECT RAISE(ABORT, 'refunds in cash exceed the cash'); END;

CREATE TRIGGER cash_refunds_replace BEFORE INSERT ON cash_refunds
WHEN NEW.replaces IS NOT NULL AND NOT EXISTS (SELECT 1 FROM refunds
    WHERE id = NEW.replaces AND state = 'REFUSED' AND item_id = NEW.item_id
      AND order_id = NEW.order_id AND amount = NEW.replaced)
BEGIN SELECT RAISE(ABORT, 'cash replaces a refused refund of its item'); END;

CREATE TRIGGER refunds_added_in_cash BEFORE INSERT ON refunds
WHEN EXISTS (SELECT 1 FROM cash_refunds
    WHERE item_id = NEW.item_id AND replaces IS NOT NULL AND state <> 'DROPPED')
BEGIN SELECT RAISE(ABORT, 'the item goes back in cash'); END;

CREATE TRIGGER refunds_moved_in_cash BEFORE UPDATE OF state ON refunds
WHEN NEW.state <> 'REFUSED' AND EXISTS (SELECT 1 FROM cash_refunds
    WHERE item_id = NEW.item_id AND replaces IS NOT NULL AND state <> 'DROPPED')
BEGIN SELECT RAISE(ABORT, 'the item goes back in cash'); END;
