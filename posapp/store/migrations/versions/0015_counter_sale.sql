-- Frozen: what shops have built with it is never edited, a later file changes it.

-- How a product is sold, and what it is found by.
ALTER TABLE products ADD COLUMN tax TEXT DEFAULT 'TAXABLE' NOT NULL CONSTRAINT ck_products_tax CHECK (tax IN ('EXEMPT', 'TAXABLE'));
ALTER TABLE products ADD COLUMN unit TEXT DEFAULT 'COUNT' NOT NULL CONSTRAINT ck_products_unit CHECK (unit IN ('COUNT', 'WEIGHT'));
ALTER TABLE products ADD COLUMN tracked INTEGER DEFAULT 1 NOT NULL CONSTRAINT ck_products_tracked CHECK (tracked IN (0, 1));
ALTER TABLE products ADD COLUMN parent_id INTEGER;
ALTER TABLE products ADD COLUMN plu INTEGER CONSTRAINT ck_products_plu CHECK (plu >= 0);
ALTER TABLE products ADD COLUMN colour TEXT DEFAULT '' NOT NULL;
ALTER TABLE products ADD COLUMN favourite INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_products_favourite CHECK (favourite IN (0, 1));
ALTER TABLE products ADD COLUMN sold INTEGER DEFAULT 0 NOT NULL;
ALTER TABLE products ADD COLUMN found_by TEXT DEFAULT '' NOT NULL;

-- Orders that the counter makes.
ALTER TABLE orders ADD COLUMN counter INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_orders_counter CHECK (counter IN (0, 1));
ALTER TABLE orders ADD COLUMN note TEXT DEFAULT '' NOT NULL;

ALTER TABLE order_items ADD COLUMN discount INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_order_items_discount CHECK (discount BETWEEN 0 AND price * count);
ALTER TABLE order_items ADD COLUMN tax TEXT DEFAULT 'TAXABLE' NOT NULL CONSTRAINT ck_order_items_tax CHECK (tax IN ('EXEMPT', 'TAXABLE'));
ALTER TABLE order_items ADD COLUMN options TEXT DEFAULT '' NOT NULL;
ALTER TABLE order_items ADD COLUMN measure TEXT DEFAULT '' NOT NULL;

CREATE INDEX ix_products_parent ON products (parent_id) WHERE parent_id IS NOT NULL;

CREATE INDEX ix_products_rank ON products (active, favourite, sold);

CREATE UNIQUE INDEX uq_products_plu ON products (plu) WHERE plu IS NOT NULL;

CREATE INDEX ix_orders_reserved ON orders (created_at) WHERE counter = 1 AND is_open = 1;

-- Of the items of one seller, said otherwise than of all: see posapp/store/tables.py.
DROP INDEX ix_order_items_work_of_seller;

CREATE INDEX ix_order_items_work_of_seller ON order_items (seller_id, status, ordered_at) WHERE status NOT IN ('CANCEL', 'DELIVERY_COMPLETE', 'WAITING_FOR_PAYMENT');

CREATE TABLE product_codes (
  code TEXT NOT NULL,
  product_id INTEGER NOT NULL,
  pack INTEGER NOT NULL,
  PRIMARY KEY (code),
  CONSTRAINT ck_product_codes_code CHECK (length(code) BETWEEN 1 AND 48),
  CONSTRAINT ck_product_codes_pack CHECK (pack BETWEEN 1 AND 999),
  FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE
)
 STRICT;

CREATE INDEX ix_product_codes_product ON product_codes (product_id, code);

CREATE TABLE option_groups (
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  least INTEGER NOT NULL,
  most INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_option_groups_counts CHECK (0 <= least AND least <= most AND most > 0)
)
 STRICT;

CREATE TABLE options (
  id INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  price INTEGER NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT uq_options_position UNIQUE (group_id, position),
  CONSTRAINT ck_options_price CHECK (price BETWEEN 0 AND 1000000000000),
  FOREIGN KEY(group_id) REFERENCES option_groups (id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE product_options (
  product_id INTEGER NOT NULL,
  position INTEGER NOT NULL,
  group_id INTEGER NOT NULL,
  PRIMARY KEY (product_id, position),
  CONSTRAINT uq_product_options_group UNIQUE (product_id, group_id),
  FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE,
  FOREIGN KEY(group_id) REFERENCES option_groups (id) ON DELETE CASCADE
)
 STRICT;

CREATE TABLE carts (
  id INTEGER NOT NULL,
  state TEXT NOT NULL,
  name TEXT NOT NULL,
  note TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  discount_kind TEXT NOT NULL,
  discount_value INTEGER NOT NULL CONSTRAINT ck_carts_discount CHECK (discount_kind = '' AND discount_value = 0 OR discount_kind = 'AMOUNT' AND discount_value > 0 OR discount_kind = 'PERCENT' AND discount_value BETWEEN 1 AND 100),
  discount_reason TEXT NOT NULL,
  approved_discount INTEGER NOT NULL,
  approved_by TEXT NOT NULL,
  order_id INTEGER,
  till INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_carts_till CHECK (till >= 0),
  PRIMARY KEY (id),
  CONSTRAINT ck_carts_state CHECK (state IN ('DROPPED', 'HELD', 'OPEN', 'ORDERED')),
  CONSTRAINT ck_carts_order CHECK ((state = 'ORDERED') = (order_id IS NOT NULL))
)
 STRICT;

CREATE INDEX ix_carts_held ON carts (till, id) WHERE state = 'HELD';

CREATE UNIQUE INDEX uq_carts_open ON carts (till) WHERE state = 'OPEN';

CREATE TABLE cart_lines (
  id INTEGER NOT NULL,
  cart_id INTEGER NOT NULL,
  product_id INTEGER,
  options TEXT NOT NULL,
  price INTEGER NOT NULL,
  count INTEGER NOT NULL,
  grams INTEGER,
  label_price INTEGER,
  discount_kind TEXT NOT NULL,
  discount_value INTEGER NOT NULL CONSTRAINT ck_cart_lines_discount CHECK (discount_kind = '' AND discount_value = 0 OR discount_kind = 'AMOUNT' AND discount_value > 0 OR discount_kind = 'PERCENT' AND discount_value BETWEEN 1 AND 100),
  discount_reason TEXT NOT NULL,
  code TEXT NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY (id),
  CONSTRAINT ck_cart_lines_count CHECK (count BETWEEN 1 AND 9999),
  CONSTRAINT ck_cart_lines_price CHECK (price BETWEEN 0 AND 1000000000000 AND price * count <= 1000000000000),
  CONSTRAINT ck_cart_lines_product CHECK ((error = '') = (product_id IS NOT NULL)),
  CONSTRAINT ck_cart_lines_label CHECK (grams IS NULL AND label_price IS NULL OR count = 1 AND (grams > 0 AND label_price IS NULL OR label_price > 0 AND grams IS NULL)),
  CONSTRAINT ck_cart_lines_error CHECK (error IN ('', 'SEVERAL_PRODUCTS', 'UNKNOWN_CODE')),
  FOREIGN KEY(cart_id) REFERENCES carts (id)
)
 STRICT;

CREATE INDEX ix_cart_lines_cart ON cart_lines (cart_id, id);

CREATE VIRTUAL TABLE product_words USING fts5(marks, content='', detail=none, tokenize='ascii');

INSERT INTO id_sequences VALUES ('carts', 0);
INSERT INTO id_sequences VALUES ('cart_lines', 0);
INSERT INTO id_sequences VALUES ('option_groups', 0);
INSERT INTO id_sequences VALUES ('options', 0);

-- Orders, items and products have numbers of files, too; the counter's are above those that people give.
INSERT INTO id_sequences SELECT 'orders', coalesce(max(id), 0) FROM orders WHERE id < 990000000;
INSERT INTO id_sequences SELECT 'order_items', coalesce(max(id), 0) FROM order_items WHERE id < 990000000;
INSERT INTO id_sequences SELECT 'products', coalesce(max(id), 0) FROM products WHERE id < 990000000;

DROP TRIGGER order_items_added;
DROP TRIGGER order_items_moved;
DROP TRIGGER order_items_removed;
DROP TRIGGER payment_claims_added;
DROP TRIGGER payment_claims_moved;
DROP TRIGGER order_items_fixed;
DROP TRIGGER order_items_parts;

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
        coalesce(sum(price * count - discount), 0) AS ordered,
        coalesce(sum(price * count - discount) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
        (SELECT count(*) FROM payment_claims
          WHERE order_id = NEW.order_id AND state = 'WAITING') AS claims
      FROM order_items WHERE order_id = NEW.order_id))
  WHERE id = NEW.order_id;
END;

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
        coalesce(sum(price * count - discount), 0) AS ordered,
        coalesce(sum(price * count - discount) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
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
        coalesce(sum(price * count - discount), 0) AS ordered,
        coalesce(sum(price * count - discount) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
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
        coalesce(sum(price * count - discount), 0) AS ordered,
        coalesce(sum(price * count - discount) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
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
        coalesce(sum(price * count - discount), 0) AS ordered,
        coalesce(sum(price * count - discount) FILTER (WHERE status <> 'CANCEL'), 0) AS living,
        (SELECT count(*) FROM payment_claims
          WHERE order_id = NEW.order_id AND state = 'WAITING') AS claims
      FROM order_items WHERE order_id = NEW.order_id))
  WHERE id = NEW.order_id;
END;

CREATE TRIGGER order_items_fixed BEFORE UPDATE OF id, order_id, buyer_id, name, price, ordered_at, part_of, first_count, discount, tax, options, measure ON order_items
BEGIN SELECT RAISE(ABORT, 'what was ordered never changes'); END;

CREATE TRIGGER order_items_parts BEFORE INSERT ON order_items
WHEN NEW.part_of IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM order_items AS i
  WHERE i.id = NEW.part_of AND i.part_of IS NULL AND i.count > NEW.count
    AND i.order_id = NEW.order_id AND i.buyer_id = NEW.buyer_id AND i.seller_id = NEW.seller_id
    AND i.product_id = NEW.product_id AND i.name = NEW.name AND i.price = NEW.price
    AND i.status = NEW.status AND i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')
    AND i.ordered_at = NEW.ordered_at AND NEW.first_count = NEW.count
    AND i.discount = 0 AND NEW.discount = 0 AND i.tax = NEW.tax
    AND i.options = NEW.options AND i.measure = NEW.measure
    AND NOT EXISTS (SELECT 1 FROM refunds AS r
      WHERE r.order_id = NEW.order_id AND r.state <> 'REFUSED'
        AND (r.item_id = i.id OR instr(' ' || r.covers || ' ', ' ' || i.id || ' ') > 0))
    AND NOT EXISTS (SELECT 1 FROM requests WHERE item_id = i.id AND state = 'WAIT'))
BEGIN SELECT RAISE(ABORT, 'this is no part of a paid item without refunds'); END;

CREATE TRIGGER orders_of_the_counter_fixed BEFORE UPDATE OF counter ON orders
BEGIN SELECT RAISE(ABORT, 'who made an order never changes'); END;

CREATE TRIGGER carts_fixed BEFORE UPDATE OF id, till, opened_at ON carts
BEGIN SELECT RAISE(ABORT, 'a cart keeps its number'); END;

CREATE TRIGGER carts_ended BEFORE UPDATE ON carts
WHEN OLD.state IN ('DROPPED', 'ORDERED')
BEGIN SELECT RAISE(ABORT, 'what was ordered or dropped never changes'); END;

CREATE TRIGGER carts_kept BEFORE DELETE ON carts
BEGIN SELECT RAISE(ABORT, 'carts are kept'); END;

CREATE TRIGGER cart_lines_added BEFORE INSERT ON cart_lines
WHEN (SELECT state FROM carts WHERE id = NEW.cart_id) <> 'OPEN'
BEGIN SELECT RAISE(ABORT, 'the lines of a cart change while it is open only'); END;

CREATE TRIGGER cart_lines_changed BEFORE UPDATE ON cart_lines
WHEN (SELECT state FROM carts WHERE id = OLD.cart_id) <> 'OPEN'
BEGIN SELECT RAISE(ABORT, 'the lines of a cart change while it is open only'); END;

CREATE TRIGGER cart_lines_removed BEFORE DELETE ON cart_lines
WHEN (SELECT state FROM carts WHERE id = OLD.cart_id) <> 'OPEN'
BEGIN SELECT RAISE(ABORT, 'the lines of a cart change while it is open only'); END;

CREATE TRIGGER cart_lines_bounded AFTER INSERT ON cart_lines
WHEN (SELECT count(*) FROM cart_lines WHERE cart_id = NEW.cart_id) > 200
BEGIN SELECT RAISE(ABORT, 'a cart has at most 200 lines'); END;
