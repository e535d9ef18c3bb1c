"""A shop with a hundred thousand products, or fewer, made once and kept in the temporary folder."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from posapp.domain.money import Won
from posapp.domain.orders import Product
from posapp.domain.product_codes import code_key, own_code
from posapp.domain.users import User, UserStatus
from posapp.store import product_marks, sale_tables, schema, tables
from posapp.store.open_store import open_store

SELLER = 9
FIRST = 1_000
BEST_SELLERS = 50

_MAKES = (
    *("소담", "골목", "아침", "햇살", "바다", "산골", "제주", "강릉", "청춘", "할머니"),
    *("우리밀", "통밀", "유기농", "수제", "미니", "대용량", "국산", "무설탕", "진한", "담백한"),
)  # fmt: skip
_KINDS = (
    *("단팥빵", "소금빵", "크루아상", "식빵", "카스텔라", "쿠키", "마들렌", "라떼", "우유", "두유"),
    *("사과", "배", "감자", "양파", "현미", "찹쌀", "참기름", "간장", "라면", "국수", "김"),
    *("샴푸", "비누", "칫솔", "휴지", "세제", "접시", "노트", "볼펜", "우산", "Coffee beans"),
)  # fmt: skip


def many_products(count: int) -> Path:
    """The file; made if it is not there yet (about half a minute for a hundred thousand)."""
    modules = (tables, sale_tables, schema, product_marks)
    made_of = (Path(__file__), *(Path(str(one.__file__)) for one in modules))
    key = hashlib.sha256(b"".join(path.read_bytes() for path in made_of)).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / f"posapp-bench-products-{key}-{count}.db"
    if not path.exists():
        new = path.with_suffix(f".{os.getpid()}")
        new.unlink(missing_ok=True)
        _make(new, count)
        new.replace(path)
    return path


def code_of(at: int) -> str:
    """Return the barcode of a product, by its place from 0."""
    return own_code(FIRST + at)


def _make(path: Path, count: int) -> None:
    store = open_store(path)
    with store.transaction() as uow:
        uow.catalogue.add_users([User(SELLER, "판매자", status=UserStatus.SELLER)])
        every = _products(count)
        while portion := [one for one, _ in zip(every, range(5_000), strict=False)]:
            uow.catalogue.add_products(portion)
        for at in range(BEST_SELLERS):
            uow.goods.note_sold(FIRST + at * 7, 1_000 - at)
        uow.commit()
    store.close()


def _products(count: int) -> Iterator[Product]:
    chance = random.Random(20261130)
    for at in range(count):
        name = f"{chance.choice(_MAKES)} {chance.choice(_KINDS)} {at % 997}호"
        number = FIRST + at
        yield Product(
            *(number, SELLER, name, Won(chance.randrange(5, 300) * 100), 10_000),
            barcode=code_key(own_code(number)),
            category=chance.choice(("빵", "음료", "식품", "생활")),
        )
