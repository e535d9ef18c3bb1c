-- Frozen: what shops have built with it is never edited, a later file changes it.

-- What the search of orders in every state reads: segment and amounts follow from the items, the texts are
-- copies of names and phone numbers as they are compared.
ALTER TABLE orders ADD COLUMN segment TEXT DEFAULT 'CANCELLED' NOT NULL CONSTRAINT ck_orders_segment CHECK (segment IN ('CANCELLED', 'CLAIMED', 'DELIVERY', 'OPEN', 'PAID'));
ALTER TABLE orders ADD COLUMN has_cancelled INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_orders_has_cancelled CHECK (has_cancelled IN (0, 1));
ALTER TABLE orders ADD COLUMN amount INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE orders ADD COLUMN ordered INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE orders ADD COLUMN goods_text TEXT DEFAULT '' NOT NULL;
ALTER TABLE orders ADD COLUMN buyer_text TEXT DEFAULT '' NOT NULL;
ALTER TABLE orders ADD COLUMN phone_digits TEXT DEFAULT '' NOT NULL;

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
          WHERE order_id = orders.id AND state = 'WAITING') AS claims
      FROM order_items WHERE order_id = orders.id));

CREATE INDEX ix_orders_segment ON orders (segment, created_at);

CREATE INDEX ix_orders_cancelled ON orders (created_at) WHERE has_cancelled = 1;

CREATE INDEX ix_products_barcode ON products (lower(barcode));

-- Marks of the texts, to ids of orders. It stores no text and no positions.
CREATE VIRTUAL TABLE order_words USING fts5(marks, content='', detail=none, tokenize='ascii');

DROP TRIGGER order_items_added;
DROP TRIGGER order_items_moved;
DROP TRIGGER order_items_removed;
DROP TRIGGER payment_claims_added;
DROP TRIGGER payment_claims_moved;

CREATE TRIGGER order_items_added AFTER INSERT ON order_items
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

CREATE TRIGGER order_items_moved AFTER UPDATE OF status ON order_items
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

CREATE TRIGGER order_items_removed AFTER DELETE ON order_items
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
          WHERE order_id = OLD.order_id AND state = 'WAITING') AS claims
      FROM order_items WHERE order_id = OLD.order_id))
  WHERE id = OLD.order_id;
END;

CREATE TRIGGER payment_claims_added AFTER INSERT ON payment_claims
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

CREATE TRIGGER payment_claims_moved AFTER UPDATE OF state ON payment_claims
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
