-- Frozen: what shops have built with it is never edited, a later file changes it.

-- Receipts of earlier sales have no number: it is given by the transaction that pays.
ALTER TABLE orders ADD COLUMN receipt_no TEXT CONSTRAINT ck_orders_receipt_no CHECK (receipt_no <> '');

CREATE UNIQUE INDEX uq_orders_receipt_no ON orders (receipt_no) WHERE receipt_no IS NOT NULL;

CREATE TRIGGER orders_receipt_no_fixed BEFORE UPDATE OF receipt_no ON orders
WHEN OLD.receipt_no IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a receipt keeps its number'); END;
