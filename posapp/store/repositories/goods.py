"""Codes, options and search of products."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import groupby, islice

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from posapp.domain.codes import barcode_spellings
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import Product
from posapp.domain.product_codes import code_key, scanned_code
from posapp.domain.product_options import Option, OptionGroup
from posapp.domain.product_terms import ProductTerm
from posapp.domain.products import ProductCode, picture_name
from posapp.domain.vat import TaxKind
from posapp.services.ports.goods import ON_SALE, CodedProduct, ProductFilter
from posapp.services.ports.record_ids import RecordIds, RecordKind
from posapp.store.product_marks import LONGEST_TERM, found_by, term_query
from posapp.store.repositories.orders import PRODUCT_COLUMNS
from posapp.store.sale_tables import (
    option_groups,
    options,
    product_codes,
    product_options,
    product_pictures,
)
from posapp.store.search_index import SearchIndex
from posapp.store.tables import products

MOST_SORTED = 4_000
"""Matches of the text index that are sorted at once. Of more, products are read in the order of the
result until enough are found."""

_CODED = (
    select(*PRODUCT_COLUMNS, product_codes.c.pack)
    .join_from(product_codes, products)
    .where(product_codes.c.code == bindparam("code"))
)
_BARCODED = (
    select(*PRODUCT_COLUMNS)
    .where(func.lower(products.c.barcode).in_(bindparam("spellings", expanding=True)))
    .order_by(products.c.id)
)
_WITH_PLU = select(*PRODUCT_COLUMNS).where(
    products.c.plu == bindparam("plu"), products.c.plu.is_not(None)
)
_OF_IDS = select(*PRODUCT_COLUMNS).where(products.c.id.in_(bindparam("ids", expanding=True)))
_CODES = (
    select(product_codes.c.code, product_codes.c.pack)
    .where(product_codes.c.product_id == bindparam("of"))
    .order_by(product_codes.c.code)
)
_OPTIONS = (
    select(
        product_options.c.product_id,
        product_options.c.group_id,
        option_groups.c.name,
        option_groups.c.least,
        option_groups.c.most,
        options.c.id,
        options.c.name,
        options.c.price,
    )
    .join_from(product_options, option_groups)
    .join(options, options.c.group_id == option_groups.c.id)
    .where(product_options.c.product_id.in_(bindparam("ids", expanding=True)))
    .order_by(product_options.c.product_id, product_options.c.position, options.c.position)
)
_RANKED = select(products.c.id, products.c.found_by).order_by(
    products.c.favourite.desc(), products.c.sold.desc(), products.c.id.desc()
)
# Without an order SQLite seeks each id: with one it would walk the index of ranks.
_MATCHED = select(products.c.id, products.c.found_by, products.c.favourite, products.c.sold).where(
    products.c.id.in_(bindparam("ids", expanding=True))
)
_CATEGORIES = (
    select(products.c.category)
    .where(products.c.category != "")
    .group_by(products.c.category)
    .order_by(func.sum(products.c.sold).desc(), products.c.category)
)
_GROUPS = (
    select(
        option_groups.c.id,
        option_groups.c.name,
        option_groups.c.least,
        option_groups.c.most,
        options.c.id,
        options.c.name,
        options.c.price,
    )
    .join_from(option_groups, options)
    .order_by(option_groups.c.name, option_groups.c.id, options.c.position)
)
_SOLD = (
    update(products)
    .where(products.c.id == bindparam("of"))
    .values(sold=products.c.sold + bindparam("count"))
)
_GROUPS_THERE = select(option_groups.c.id).where(
    option_groups.c.id.in_(bindparam("ids", expanding=True))
)
_PICTURES = select(product_pictures.c.product_id, product_pictures.c.content).where(
    product_pictures.c.product_id.in_(bindparam("ids", expanding=True))
)
_NAME_PICTURE = (
    update(products).where(products.c.id == bindparam("of")).values(picture=bindparam("named"))
)
_OF_KIND = (
    select(products.c.id).where(products.c.active, products.c.tax == bindparam("tax")).limit(1)
)


class SqlGoods:
    """Port ``Goods``."""

    def __init__(self, connection: Connection, ids: RecordIds, search_index: SearchIndex) -> None:
        self._connection = connection
        self._ids = ids
        self._search_index = search_index

    def with_code(self, code: str) -> tuple[CodedProduct, ...]:
        """Return the products that a code names, by their ids."""
        spellings = barcode_spellings(code)
        if not spellings:
            return ()
        found: dict[int, CodedProduct] = {}
        for row in self._connection.execute(_BARCODED, {"spellings": spellings}):
            found[row.id] = (Product(*row), 1)
        for row in self._connection.execute(_CODED, {"code": code_key(code)}):
            found[row.id] = (Product(*row[:-1]), row.pack)
        return tuple(found[number] for number in sorted(found))

    def with_plu(self, plu: int) -> Product | None:
        """Return the product with this number on labels, or ``None``."""
        row = self._connection.execute(_WITH_PLU, {"plu": plu}).one_or_none()
        return None if row is None else Product(*row)

    def codes_of(self, product_id: int) -> tuple[ProductCode, ...]:
        """Return the codes that were added to a product, in their order."""
        rows = self._connection.execute(_CODES, {"of": product_id})
        return tuple(ProductCode(*row) for row in rows)

    def set_codes(self, product_id: int, codes: Sequence[ProductCode]) -> None:
        """Replace the codes of a product.

        Raises:
            UserError: ``CODE_TAKEN`` with the other ``product``; nothing was written.
        """
        for one in codes:
            for other, _ in self.with_code(one.code):
                if other.id != product_id:
                    raise UserError(ErrorCode.CODE_TAKEN, product=other.name)
        self._connection.execute(
            delete(product_codes).where(product_codes.c.product_id == product_id)
        )
        rows = [
            {"code": one.code, "product_id": product_id, "pack": one.pack}
            for one in dict.fromkeys(codes)
        ]
        if rows:
            self._connection.execute(insert(product_codes), rows)

    def options_of(self, product_id: int) -> tuple[OptionGroup, ...]:
        """Return the groups of options of a product, in their order."""
        return self.options_of_products([product_id]).get(product_id, ())

    def options_of_products(self, ids: Collection[int]) -> dict[int, tuple[OptionGroup, ...]]:
        """Return the groups of options of those of these products that have some, by product."""
        rows = self._connection.execute(_OPTIONS, {"ids": tuple(ids)}).all()
        found: dict[int, list[OptionGroup]] = {}
        for _, lines in groupby(rows, key=lambda row: (row.product_id, row.group_id)):
            group = list(lines)
            product_id, number, name, least, most = group[0][:5]
            choices = tuple(Option(*row[5:]) for row in group)
            found.setdefault(product_id, []).append(OptionGroup(number, name, least, most, choices))
        return {product_id: tuple(groups) for product_id, groups in found.items()}

    def add_group(self, group: OptionGroup) -> OptionGroup:
        """Store a new group with its options; return it with its ids."""
        number = self._ids.next(RecordKind.OPTION_GROUP)
        head = {"id": number, "name": group.name, "least": group.least, "most": group.most}
        self._connection.execute(insert(option_groups), head)
        stored = tuple(
            Option(self._ids.next(RecordKind.OPTION), one.name, one.price) for one in group.options
        )
        rows = [
            {
                "id": one.id, "group_id": number, "position": position, "name": one.name,
                "price": one.price,
            }
            for position, one in enumerate(stored)
        ]  # fmt: skip
        if rows:
            self._connection.execute(insert(options), rows)
        return OptionGroup(number, group.name, group.least, group.most, stored)

    def set_options(self, product_id: int, group_ids: Sequence[int]) -> None:
        """Replace the groups of options of a product.

        Raises:
            UserError: ``OPTION_UNKNOWN``: there is no such group; nothing was written.
        """
        wanted = tuple(dict.fromkeys(group_ids))
        there = self._connection.execute(_GROUPS_THERE, {"ids": wanted}).scalars().all()
        if len(there) != len(wanted):
            raise UserError(ErrorCode.OPTION_UNKNOWN)
        self._connection.execute(
            delete(product_options).where(product_options.c.product_id == product_id)
        )
        rows = [
            {"product_id": product_id, "position": position, "group_id": group}
            for position, group in enumerate(wanted)
        ]
        if rows:
            self._connection.execute(insert(product_options), rows)

    def find(self, text: str, limit: int, within: ProductFilter = ON_SALE) -> tuple[Product, ...]:
        """Return the first of some products that a typed text finds."""
        coded = self.with_code(scanned_code(text))
        exact = [product.id for product, _ in coded if within.takes(product)]
        term = ProductTerm(found_by(text[:LONGEST_TERM]))
        wanted = dict.fromkeys([*exact, *self._named(term, limit, _conditions(within))])
        ids = list(islice(wanted, limit))
        rows = self._connection.execute(_OF_IDS, {"ids": ids})
        there = {row.id: Product(*row) for row in rows}
        return tuple(there[number] for number in ids)

    def kinds_on_sale(self) -> frozenset[TaxKind]:
        """Return which kinds of goods are on sale: taxable, exempt, or both."""
        return frozenset(
            kind
            for kind in TaxKind
            if self._connection.execute(_OF_KIND, {"tax": kind}).scalar_one_or_none() is not None
        )

    def note_sold(self, product_id: int, count: int) -> None:
        """Count pieces as sold."""
        self._connection.execute(_SOLD, {"of": product_id, "count": count})

    def categories(self, within: ProductFilter = ON_SALE) -> tuple[str, ...]:
        """Return the categories of some products, those sold most first."""
        query = _CATEGORIES.where(*_conditions(within))
        return tuple(self._connection.execute(query).scalars())

    def pictures(self, ids: Collection[int]) -> dict[int, bytes]:
        """Return the pictures of those of these products that have one, by product."""
        rows = self._connection.execute(_PICTURES, {"ids": tuple(ids)})
        return {row.product_id: row.content for row in rows}

    def set_picture(self, product_id: int, content: bytes) -> None:
        """Replace the picture of a product, and its name; an empty one removes it."""
        self._connection.execute(
            delete(product_pictures).where(product_pictures.c.product_id == product_id)
        )
        if content:
            row = {"product_id": product_id, "content": content}
            self._connection.execute(insert(product_pictures), row)
        named = {"of": product_id, "named": picture_name(content)}
        self._connection.execute(_NAME_PICTURE, named)

    def groups(self) -> tuple[OptionGroup, ...]:
        """Return all groups of options, by their names."""
        rows = self._connection.execute(_GROUPS)
        found = []
        for (number, name, least, most), group in groupby(rows, key=lambda row: row[:4]):
            choices = tuple(Option(*row[4:]) for row in group)
            found.append(OptionGroup(number, name, least, most, choices))
        return tuple(found)

    def _named(
        self, term: ProductTerm, limit: int, conditions: Sequence[ColumnElement[bool]]
    ) -> list[int]:
        """Return the ids of the first products whose name has the term in it."""
        if term.folded:
            found = self._search_index.find_products(term_query(term), MOST_SORTED + 1)
            if len(found) <= MOST_SORTED:
                rows = self._connection.execute(_MATCHED.where(*conditions), {"ids": found})
                fitting = [row for row in rows if term.finds(row.found_by)]
                fitting.sort(key=lambda row: (row.favourite, row.sold, row.id), reverse=True)
                return [row.id for row in fitting[:limit]]
        with self._connection.execute(_RANKED.where(*conditions)) as ranked:
            names = (number for number, name in ranked if term.finds(name))
            return list(islice(names, limit))


def _conditions(within: ProductFilter) -> tuple[ColumnElement[bool], ...]:
    wanted = (
        (products.c.active, within.is_on_sale),
        (products.c.category, within.category),
        (products.c.seller_id, within.seller_id),
        (products.c.favourite, within.is_favourite),
    )
    return tuple(column == value for column, value in wanted if value is not None)
