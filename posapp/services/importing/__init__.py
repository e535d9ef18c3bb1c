"""Import users, products and orders from a file.

**Encodings.** UTF-8 with or without byte order marks, CP949 (what Korean Excel saves as CSV),
UTF-16 with a mark (Excel's "Unicode text"). The encoding is detected; a mixture is refused. A file
has at most 32 MiB.

**Values**, in all forms. Ids: whole numbers from 1 to 10¹⁸ − 1, also as ``="17"``. Amounts: whole
won, ``1200``, ``1,200``, ``1,200원``. Times: ISO 8601 or Excel's forms (``2026-01-05 14:30``,
``2026-01-05 오후 2:30``), year first; without a zone Asia/Seoul. Statuses: the values of
docs/specification.md 1, or their Korean labels. Phone numbers and barcodes are stored in one form
(``domain.phones``, ``domain.codes``); an id, phone number or barcode that Excel has rounded
(``8.80123E+12``) is a complaint. Invisible characters are dropped from names, joined emoji stay.
HTML and ``=SUM(A1)`` are kept as plain text.

**Tables: order lines**, one for each item; CSV with comma, semicolon, tab or what Excel's line
``sep=`` names, or the first visible worksheet of an ``.xlsx`` workbook (``workbook``). A header
line has the names, ours or the Korean ones, in any order; it may stand below a notice. Titles are
compared without blanks, case and invisible characters:

=============  ==============  =======================================================
name           Korean          meaning
=============  ==============  =======================================================
order_id       주문번호        lines with the same value form one order
ordered_at     주문시각        the same on all lines of an order
buyer_id       구매자번호      the same on all lines of an order
buyer_name     구매자
buyer_phone    전화번호        may be missing
seller_id      판매자번호
seller_name    판매자          may be missing if the seller is known
item_id        주문상품번호    may be missing: then order_id × 1000 + position in the order
product_id     상품번호        once in an order (2 pieces are one line of count 2),
                               unless the lines have item numbers
product_name   상품            as it was when ordered
option_name    옵션            may be missing; is added to the name of the item
price          가격            of one piece, as it was when ordered
line_total     상품별금액      may stand in place of the price: of all pieces
count          수량
status         상태
cancel_reason  취소사유        may be missing
=============  ==============  =======================================================

Files of other systems have layouts (``layouts``: titles, states and what stands in for missing
columns). A person may map titles to columns, and give a value for each line that has none
(``ColumnChoice``); an import remembers this for files with the same titles. Where buyers and
products have no numbers, they are made of their names (``derived_ids``).

An order line holds the names and the price at order time. It creates unknown users and products (a
new product starts with stock 0; if names differ, the newest order's are used) and never changes
known ones. An order with one bad line is refused as a whole: its total would be too small. The
orders next to a line that cannot be read at all are refused too.

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

``?`` may be missing. Listed users and products update known ones, except the stock, which the till
counts itself; a new product starts with the stock of the file. Orders in the file do not reduce the
stock: the file's stock is the one after them.

**Money.** A file may hold unpaid orders, cancelled ones, and paid ones *with their payment*. A paid
status without a payment is refused (``payment_missing``), so CSV cannot hold paid orders: the till
could never refund them, because PortOne refunds by imp_uid only; the ledger would not hold the
money; and a wrong cell would release goods for nothing. Payments of another system are refunded in
that system, which has their records. A payment becomes a *claim* if it is consistent: its amount is
Σ paid items + Σ refunded items; each cancellation is of one CANCEL item and of its whole total;
times are in order; none of its ids is known already.

A claim is not money yet. Its order waits for payment, and can be neither paid nor cancelled, until
PortOne was queried by imp_uid (``verify_claims``). If PortOne shows exactly this payment (ids,
amount, currency, channel, every cancellation), the payment is recorded with the items' statuses,
refunds and requests of the file, and the ledger gets PAYMENT_CAPTURED and REFUND_CONFIRMED of the
actor ``import``, at the times when the money moved. Otherwise a mismatch names the file and its
line; a repeated import of the file queries PortOne again.

**Users.** A file grants or removes the seller status only if ``sellers`` allows it, and the
administrator status never.

**Requests.** Values as in docs/specification.md 1 (``EXCHANGE``, ``WAIT``, ``SELLER`` …). They are
imported with their order. A waiting request needs a delivered item; an approved refund needs an
item whose cancellation is in the file. The ledger holds this till's decisions, so it gets no
entries for them.

**Idempotence.** A known order is never changed. It is *unchanged* if the file holds the same order
(the till may be further: paid here since), else a complaint is added (``order_differs``).

**Undo.** An import keeps which records it added and what it changed. ``UndoImportService`` takes it
back as a whole as long as nothing has touched it.

**Short transactions.** Importing and taking back hold the write lock for some 40 ms at a time
(``short_transactions``), so that payments go on beside them. Until its last transaction an import
is marked to be taken back (``take_back``): what stops or interrupts it leaves nothing but orders
that something happened to meanwhile.

Complaint texts: ``resources/i18n/{ko,en}/importing.toml``. Samples: ``resources/demo``.
"""

from posapp.services.importing.columns import ColumnChoice
from posapp.services.importing.file_reader import SIZE_LIMIT
from posapp.services.importing.gateway_seed import SeedPayment, SeedRefund, seed_payments
from posapp.services.importing.import_errors import Cause, Complaint
from posapp.services.importing.import_report import Report, Tally
from posapp.services.importing.import_service import ImportService, OnError
from posapp.services.importing.rows import Batch

__all__ = [
    "SIZE_LIMIT",
    "Batch",
    "Cause",
    "ColumnChoice",
    "Complaint",
    "ImportService",
    "OnError",
    "Report",
    "SeedPayment",
    "SeedRefund",
    "Tally",
    "seed_payments",
]
