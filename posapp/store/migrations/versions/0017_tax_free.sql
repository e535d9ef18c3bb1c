-- Frozen: what shops have built with it is never edited, a later file changes it.

-- How much of an amount is free of tax. Nothing was declared so before.
ALTER TABLE attempts ADD COLUMN tax_free INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_attempts_tax_free CHECK (tax_free BETWEEN 0 AND amount);
ALTER TABLE payments ADD COLUMN tax_free INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_payments_tax_free CHECK (tax_free BETWEEN 0 AND amount);
ALTER TABLE refunds ADD COLUMN tax_free INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_refunds_tax_free CHECK (tax_free BETWEEN 0 AND amount);

-- The discount of an item as it was ordered. An item with one had no parts so far.
ALTER TABLE order_items ADD COLUMN first_discount INTEGER DEFAULT 0 NOT NULL;
UPDATE order_items SET first_discount = discount WHERE discount <> 0;

DROP TRIGGER order_items_fixed;
DROP TRIGGER order_items_parts;
DROP TRIGGER order_items_divided;
DROP TRIGGER attempts_fixed;
DROP TRIGGER payments_fixed;
DROP TRIGGER refunds_fixed;

CREATE TRIGGER order_items_fixed BEFORE UPDATE OF id, order_id, buyer_id, name, price, ordered_at, part_of, first_count, first_discount, tax, options, measure ON order_items
BEGIN SELECT RAISE(ABORT, 'what was ordered never changes'); END;

CREATE TRIGGER order_items_discounted BEFORE UPDATE OF discount ON order_items
WHEN NEW.discount <> OLD.first_discount
  - (SELECT coalesce(sum(first_discount), 0) FROM order_items WHERE part_of = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the discount of an item never changes but for its parts'); END;

CREATE TRIGGER order_items_parts BEFORE INSERT ON order_items
WHEN NEW.part_of IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM order_items AS i
  WHERE i.id = NEW.part_of AND i.part_of IS NULL AND i.count > NEW.count
    AND i.order_id = NEW.order_id AND i.buyer_id = NEW.buyer_id AND i.seller_id = NEW.seller_id
    AND i.product_id = NEW.product_id AND i.name = NEW.name AND i.price = NEW.price
    AND i.status = NEW.status AND i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')
    AND i.ordered_at = NEW.ordered_at AND NEW.first_count = NEW.count
    AND NEW.discount <= i.discount AND NEW.first_discount = NEW.discount
    AND i.discount - NEW.discount <= i.price * (i.count - NEW.count)
    AND abs(NEW.discount - i.discount * NEW.count / i.count) <= i.count AND i.tax = NEW.tax
    AND i.options = NEW.options AND i.measure = NEW.measure
    AND NOT EXISTS (SELECT 1 FROM refunds AS r
      WHERE r.order_id = NEW.order_id AND r.state <> 'REFUSED'
        AND (r.item_id = i.id OR instr(' ' || r.covers || ' ', ' ' || i.id || ' ') > 0))
    AND NOT EXISTS (SELECT 1 FROM requests WHERE item_id = i.id AND state = 'WAIT'))
BEGIN SELECT RAISE(ABORT, 'this is no part of a paid item without refunds'); END;

CREATE TRIGGER order_items_divided AFTER INSERT ON order_items
WHEN NEW.part_of IS NOT NULL
BEGIN UPDATE order_items SET count = count - NEW.count, discount = discount - NEW.discount
  WHERE id = NEW.part_of; END;

CREATE TRIGGER attempts_fixed BEFORE UPDATE OF id, order_id, merchant_uid, amount, provider, till, tax_free ON attempts
BEGIN SELECT RAISE(ABORT, 'an attempt keeps its number, order and amount'); END;

CREATE TRIGGER payments_fixed BEFORE UPDATE OF id, imp_uid, merchant_uid, order_id, amount, provider, tender, till, tax_free ON payments
BEGIN SELECT RAISE(ABORT, 'captured money never changes'); END;

CREATE TRIGGER refunds_fixed BEFORE UPDATE OF id, imp_uid, order_id, item_id, amount, tag, till, tax_free ON refunds
BEGIN SELECT RAISE(ABORT, 'a refund keeps its payment, item, amount and tag'); END;

CREATE TRIGGER refunds_of_a_kind AFTER INSERT ON refunds
WHEN EXISTS (SELECT 1 FROM payments AS p,
    (SELECT sum(tax_free) AS free, sum(amount - tax_free) AS taxed FROM refunds
      WHERE imp_uid = NEW.imp_uid AND state <> 'REFUSED') AS gone
  WHERE p.imp_uid = NEW.imp_uid AND gone.free + gone.taxed <= p.amount
    AND (NEW.tax_free > 0 AND gone.free > p.tax_free
      OR NEW.tax_free < NEW.amount AND gone.taxed > p.amount - p.tax_free))
BEGIN SELECT RAISE(ABORT, 'refunds return more of a kind of goods than was paid'); END;
