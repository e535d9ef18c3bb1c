"""Names of columns, and how titles of a file are compared with them."""

from __future__ import annotations

import re
import unicodedata

NAMES: dict[str, tuple[str, ...]] = {
    "order_id": ("주문번호",),
    "ordered_at": ("주문시각", "주문일시", "주문일", "created_at"),
    "buyer_id": ("구매자번호",),
    "buyer_name": ("구매자", "구매자명", "buyer"),
    "buyer_phone": ("전화번호", "구매자전화번호", "구매자연락처", "휴대폰번호", "phone"),
    "seller_id": ("판매자번호",),
    "seller_name": ("판매자", "판매자명", "seller"),
    "item_id": ("주문상품번호", "상품주문번호"),
    "product_id": ("상품번호",),
    "product_name": ("상품", "상품명", "product"),
    "option_name": ("옵션", "옵션정보"),
    "price": ("가격", "단가"),
    "line_total": ("상품별금액",),
    "count": ("수량",),
    "status": ("상태", "주문상태"),
    "cancel_reason": ("취소사유", "취소이유"),
}
"""Our column names with their accepted aliases; the first alias is the Korean name."""

OPTIONAL = frozenset(
    {"buyer_phone", "seller_name", "item_id", "option_name", "line_total", "cancel_reason"}
)
DERIVABLE = frozenset({"buyer_id", "product_id"})
"""Numbers that can be made of names, where a file has none."""

AUTOMATIC = "auto"
"""The value by which a person chooses that a number is made of names."""

_BLANKS = re.compile(r"[\s_]+")


def plain_title(title: object) -> str:
    """Return a title as it is compared: composed, of usual width, without blanks, format characters
    and case, and without the mark of a required column."""
    if not isinstance(title, str):
        return ""
    text = unicodedata.normalize("NFKC", title)
    text = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())
    return _BLANKS.sub("", text).casefold().strip("*")


def shown_title(title: object) -> str:
    """Return a title as it is shown: on one line, without format characters."""
    if not isinstance(title, str):
        return ""
    text = unicodedata.normalize("NFC", title)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


_KEY_OF = {plain_title(name): key for key, names in NAMES.items() for name in (key, *names)}


def key_of(title: object) -> str | None:
    """Return our column of this name or alias, or ``None``."""
    return _KEY_OF.get(plain_title(title))
