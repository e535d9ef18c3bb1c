-- Frozen: what shops have built with it is never edited, a later file changes it.

-- Pieces of an item can be refunded as an item of their own: of which it was a part, and the pieces that each
-- had at first.
ALTER TABLE order_items ADD COLUMN part_of INTEGER;
ALTER TABLE order_items ADD COLUMN first_count INTEGER DEFAULT 0 NOT NULL;

UPDATE order_items SET first_count = count;

CREATE INDEX ix_order_items_part_of ON order_items (part_of) WHERE part_of IS NOT NULL;

-- The figures of a day have the refunds that were confirmed on it, however old they are.
CREATE INDEX ix_refunds_confirmed ON refunds (confirmed_at) WHERE confirmed_at IS NOT NULL;

DROP TRIGGER order_items_moved;
DROP TRIGGER order_items_fixed;

CREATE TRIGGER order_items_moved AFTER UPDATE OF status, count ON order_items
BEGIN
  UPDATE orders SET (is_open, segment, has_cancelled, amount, ordered) = (
    SELECT
      unpaid > 0 AND paid = 0 AND claims = 0,
      CASE WHEN unpaid + paid = 0 THEN 'CANCELLED'
        WHEN paid = 0 AND claims > 0 THEN 'CLAIMED'
        WHEN paid = 0 THEN 'OPEN'
        WHEN ready = paid THEN 'PAID'
        ELSE 'DELIVERY' END,
      cancelled > 0,
      CASE WHEN unpaid + paid = 0 THEN ordered ELSE living END,
      ordered
    FROM (SELECT
        count(*) FILTER (WHERE status = 'WAITING_FOR_PAYMENT') AS unpaid,
        count(*) FILTER (WHERE status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')) AS paid,
        count(*) FILTER (WHERE status = 'COMPLETE_PAYMENT') AS ready,
        count(*) FILTER (WHERE status = 'CANCEL') AS cancelled,
        coalesce(sum(price * count), 0) AS ordered,
        coalesce(sum(price * count) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
        (SELECT count(*) FROM payment_claims
          WHERE order_id = NEW.order_id AND state = 'WAITING') AS claims
      FROM order_items WHERE order_id = NEW.order_id))
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_fixed BEFORE UPDATE OF id, order_id, buyer_id, name, price, ordered_at, part_of, first_count ON order_items
BEGIN SELECT RAISE(ABORT, 'what was ordered never changes'); END;

CREATE TRIGGER order_items_counted BEFORE UPDATE OF count ON order_items
WHEN NEW.count <> OLD.first_count
  - (SELECT coalesce(sum(first_count), 0) FROM order_items WHERE part_of = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the pieces of an item never change but for its parts'); END;

CREATE TRIGGER order_items_parts BEFORE INSERT ON order_items
WHEN NEW.part_of IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM order_items AS i
  WHERE i.id = NEW.part_of AND i.part_of IS NULL AND i.count > NEW.count
    AND i.order_id = NEW.order_id AND i.buyer_id = NEW.buyer_id AND i.seller_id = NEW.seller_id
    AND i.product_id = NEW.product_id AND i.name = NEW.name AND i.price = NEW.price
    AND i.status = NEW.status AND i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')
    AND i.ordered_at = NEW.ordered_at AND NEW.first_count = NEW.count
    AND NOT EXISTS (SELECT 1 FROM refunds AS r
      WHERE r.order_id = NEW.order_id AND r.state <> 'REFUSED'
        AND (r.item_id = i.id OR instr(' ' || r.covers || ' ', ' ' || i.id || ' ') > 0))
    AND NOT EXISTS (SELECT 1 FROM requests WHERE item_id = i.id AND state = 'WAIT'))
BEGIN SELECT RAISE(ABORT, 'this is no part of a paid item without refunds'); END;

CREATE TRIGGER order_items_divided AFTER INSERT ON order_items
WHEN NEW.part_of IS NOT NULL
BEGIN UPDATE order_items SET count = count - NEW.count WHERE id = NEW.part_of; END;

CREATE TRIGGER order_items_parts_kept BEFORE DELETE ON order_items
WHEN OLD.part_of IS NOT NULL OR EXISTS (SELECT 1 FROM order_items WHERE part_of = OLD.id)
BEGIN SELECT RAISE(ABORT, 'an item and its parts are kept'); END;
