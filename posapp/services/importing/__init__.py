"""Data in: users, products and orders from a file.

**Letters.** UTF-8 with or without a byte order mark, CP949 (what Korean Excel saves as CSV), UTF-16
with a mark (Excel's "Unicode text"). Which one is found out; a mixture is refused. At most 32 MiB.

**Values**, in both forms. Ids: whole numbers from 1 to 10¹⁸ − 1. Amounts: whole won, ``1200``,
``1,200``, ``1,200원``. Times: ISO 8601 or what Excel makes of it (``2026-01-05 14:30``,
``2026-01-05 오후 2:30``), year first; without a zone Asia/Seoul. Statuses: the words of
docs/specification.md 1, or their Korean labels. Text is text: HTML and ``=SUM(A1)`` are kept as
they stand.

**CSV: order lines**, one for each item; comma, semicolon or tab; a head line with the names (ours
or the Korean ones, in any order):

=============  ==============  =======================================================
name           Korean          what
=============  ==============  =======================================================
order_id       주문번호        lines with the same one are one order
ordered_at     주문시각        the same on all lines of an order
buyer_id       구매자번호      the same on all lines of an order
buyer_name     구매자
buyer_phone    전화번호        may be missing
seller_id      판매자번호
seller_name    판매자          may be missing if the seller is known
item_id        주문상품번호    may be missing: then order_id × 1000 + place in the order
product_id     상품번호        once in an order (2 pieces are one line of count 2),
                               unless the lines have item numbers
product_name   상품            as it was when ordered
price          가격            of one piece, as it was when ordered
count          수량
status         상태
cancel_reason  취소사유        may be missing
=============  ==============  =======================================================

An order line says what a thing was called and cost on that day. So it makes people and products
that are unknown (a new product starts with stock 0; of several namings the newest order's counts),
and never changes known ones. An order with one bad line is bad as a whole, as it would ask for too
little money; the same goes for the orders beside a line that cannot be read at all.

**JSON: a shop**, one object::

    {"format": "posapp-shop-1",
     "users":    [{"id", "name", "nickname"?, "email"?, "phone"?, "status"?}],
     "products": [{"id", "seller_id", "name", "price", "stock"?, "barcode"?, "category"?,
                   "active"?}],
     "orders":   [{"id", "buyer_id", "created_at",
                   "items": [{"id", "product_id", "seller_id", "name", "price", "count",
                              "status", "cancel_reason"?}]}],
     "payments": [{"order_id", "imp_uid", "merchant_uid", "amount", "paid_at", "sandbox"?,
                   "receipt_url"?,
                   "cancellations"?: [{"item_id", "cancellation_id", "amount", "reason"?,
                                       "cancelled_at"}]}],
     "requests": [{"item_id", "kind", "state", "reason", "created_at", "processed_at"?,
                   "ended_by"?, "note"?}]}

``?`` may be missing. Listed users and products bring known ones up to date, but for the stock,
which the till counts itself; a new product starts with the stock of the file. Orders in the file
take nothing off it: the stock is what was left after them.

**Money.** What is imported is open orders, cancelled ones, and paid ones *with the payment that
paid them*. A paid status without a payment is refused (``payment_missing``), and so in CSV always:
the till could never give that money back, because PortOne refunds by imp_uid only, the ledger would
not hold it, and a wrong word in a cell would hand out goods for nothing. What was paid elsewhere is
refunded elsewhere, where its records are. A payment is taken as a *claim* when all of it agrees:
its amount is Σ items that are paid + Σ items that were refunded; each cancellation is of one CANCEL
item and of its whole total; times do not run backwards; none of its numbers is known already.

A claim counts for nothing. Its order waits for payment, and can be neither paid nor cancelled,
until PortOne was asked for the payment by its number (``checking``): shown just so (number, amount,
currency, channel, every cancellation), it is recorded with the items' statuses, refunds and
requests of the file, and the ledger gets PAYMENT_CAPTURED and REFUND_CONFIRMED of the actor
``import``, at the times when the money moved. What PortOne does not know, or shows otherwise,
becomes a mismatch that names the file and its line; the same file taken again asks again.

**People.** A file makes nobody a seller, nor takes that from one, unless ``sellers`` says that it
may; an administrator never.

**Requests.** Words as in docs/specification.md 1 (``EXCHANGE``, ``WAIT``, ``SELLER`` …). They come
with their order: what waits is for a delivered item, an approved refund is of an item that the file
tells the cancellation of. The ledger holds what this till decided, so it gets nothing of them.

**Twice is once.** A known order is never touched: it is *unchanged* if the file tells the same
order (the till may be further: paid here since), else it is complained of (``order_differs``).

Sentences for complaints: ``resources/i18n/{ko,en}/importing.toml``. Samples: ``resources/demo``.
"""

from posapp.services.importing.complaints import Cause, Complaint
from posapp.services.importing.deed import SIZE_LIMIT, Importing, OnError, Report, Tally
from posapp.services.importing.paid_before import CancelledBefore, PaidBefore, paid_before
from posapp.services.importing.rows import Batch

__all__ = [
    "SIZE_LIMIT",
    "Batch",
    "CancelledBefore",
    "Cause",
    "Complaint",
    "Importing",
    "OnError",
    "PaidBefore",
    "Report",
    "Tally",
    "paid_before",
]
