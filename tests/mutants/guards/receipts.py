"""Guards of receipts: their numbers, and the tax that they and refund slips name."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

NUMBERS = "tests/integration/test_receipt_numbers.py"
RULES = "tests/unit/test_receipt_numbers.py"
SLIPS = "tests/ui/printing/test_cash_slips.py"
CASH = "tests/integration/test_cash.py"
PAPERS = "tests/ui/printing/test_sale_receipt.py"
SCHEMA = "posapp/store/migrations/versions/0018_receipt_numbers.sql"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "receipt_numbered_by_its_texts_order",
        "posapp/store/repositories/orders.py",
        "    .order_by(func.length(orders.c.receipt_no).desc(), orders.c.receipt_no.desc())\n",
        "    .order_by(orders.c.receipt_no.desc())\n",
        (f"{NUMBERS}::test_the_ten_thousandth_of_a_day",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "receipt_numbered_twice",
        "posapp/store/repositories/orders.py",
        '.where(orders.c.id == bindparam("of"), orders.c.counter, orders.c.receipt_no.is_(None))',
        '.where(orders.c.id == bindparam("of"), orders.c.counter)',
        (f"{NUMBERS}::test_a_number_is_given_once_and_kept",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "receipt_of_the_calendar_day",
        "posapp/domain/business_days.py",
        "return (at.astimezone(SEOUL) - starts).date()",
        "return at.astimezone(SEOUL).date()",
        (f"{RULES}::test_a_day_of_business_begins_at_six",),
    ),
    Mutant(
        "db_receipt_number_changes",
        SCHEMA,
        "WHEN OLD.receipt_no IS NOT NULL\n",
        "WHEN OLD.receipt_no = 'x'\n",
        (f"{NUMBERS}::test_a_number_is_given_once_and_kept",),
    ),
    Mutant(
        "tax_of_a_refund_slip_by_itself",
        "posapp/domain/sale_tax.py",
        "        vat = vat_of(taxable) - vat_of(left)\n",
        "        vat = vat_of(gone.taxable)\n",
        (f"{PAPERS}::test_parts_of_the_tax_sum_up_where_each_by_itself_would_not",),
    ),
    Mutant(
        "tax_of_cash_that_did_not_go_back",
        "posapp/domain/sale_tax.py",
        "one.state is not CashRefundState.DROPPED and one.item_id not in by_qr",
        "one.item_id not in by_qr",
        (f"{SLIPS}::test_cash_that_was_dropped_takes_no_tax",),
    ),
    Mutant(
        "slip_of_cash_that_waits",
        "posapp/ui/orders/order_report.py",
        "cash.state is CashRefundState.PAID_OUT and (",
        "(",
        (f"{SLIPS}::test_cash_that_was_not_handed_out_has_no_slip",),
    ),
    Mutant(
        "second_original_of_a_cash_slip",
        "posapp/services/orders/order_history.py",
        "slips = (*map(refund_slip_key, refunds), *map(cash_slip_key, in_cash))",
        "slips = map(refund_slip_key, refunds)",
        (f"{CASH}::test_the_print_of_a_cash_slip_is_recorded_with_its_order",),
    ),
    Mutant(
        "receipt_of_what_was_never_paid",
        "posapp/domain/sale_tax.py",
        "one.status is not ItemStatus.CANCEL or one.id in back",
        "True",
        (f"{PAPERS}::test_what_was_cancelled_before_it_was_paid_is_not_sold",),
    ),
    Mutant(
        "simplified_taxpayer_names_the_tax",
        "posapp/domain/shop_details.py",
        'self.tax_type == "simplified" and self.writes_invoices',
        'self.tax_type == "simplified"',
        (f"{PAPERS}::test_what_is_said_of_the_tax_follows_the_kind_of_taxpayer",),
    ),
)
