-- Frozen: what shops have built with it is never edited, a later file changes it.

-- PortOne was not asked before: it is known from the next comparison on.
ALTER TABLE payments ADD COLUMN cash_receipt_issued INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_payments_cash_receipt_issued CHECK (cash_receipt_issued IN (0, 1));
