-- Frozen: what shops have built with it is never edited, a later file changes it.

-- When its order was made: a copy, by which the list of items to ship is sorted.
ALTER TABLE order_items ADD COLUMN ordered_at INTEGER DEFAULT 0 NOT NULL;

UPDATE order_items SET ordered_at = (SELECT created_at FROM orders WHERE orders.id = order_items.order_id);

DROP TRIGGER order_items_fixed;

CREATE TRIGGER order_items_fixed BEFORE UPDATE OF id, order_id, buyer_id, name, price, count, ordered_at ON order_items
BEGIN SELECT RAISE(ABORT, 'what was ordered never changes'); END;

-- The items that have a next step of delivery, oldest first: of all sellers, and of one.
CREATE INDEX ix_order_items_work ON order_items (status, ordered_at) WHERE status IN ('COMPLETE_PAYMENT', 'SHIPPING', 'WAITING_FOR_DELIVERY');

CREATE INDEX ix_order_items_work_of_seller ON order_items (seller_id, status, ordered_at) WHERE status IN ('COMPLETE_PAYMENT', 'SHIPPING', 'WAITING_FOR_DELIVERY');
