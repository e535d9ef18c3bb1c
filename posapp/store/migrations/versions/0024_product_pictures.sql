-- Frozen: what shops have built with it is never edited, a later file changes it.

ALTER TABLE products ADD COLUMN picture TEXT DEFAULT '' NOT NULL;

CREATE TABLE product_pictures (
  product_id INTEGER NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (product_id),
  CONSTRAINT ck_product_pictures_content CHECK (length(content) BETWEEN 1 AND 327680),
  FOREIGN KEY(product_id) REFERENCES products (id) ON DELETE CASCADE
)
 STRICT;
