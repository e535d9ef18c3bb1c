"""Guards of what is free of tax in payments and refunds, and of pieces with a discount."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

RULES = "tests/unit/test_tax_free.py"
FAULTS = "tests/faults/test_exempt_goods.py"
STORE = "tests/store/test_discounted_items.py"
VERIFY = "tests/unit/test_verification.py"
SCHEMA = "posapp/store/migrations/versions/0017_tax_free.sql"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "more_free_of_tax_than_is_left",
        "posapp/domain/vat.py",
        "return max(least, min(exempt, max(ZERO, self.exempt)))",
        "return max(least, exempt)",
        (
            f"{RULES}::test_a_refund_takes_no_more_of_a_kind_than_is_left",
            f"{RULES}::test_random_refunds_return_exactly_what_was_free_of_tax",
        ),
    ),
    Mutant(
        "more_taxable_than_is_left",
        "posapp/domain/vat.py",
        "least = max(ZERO, amount - max(ZERO, self.taxable))",
        "least = ZERO",
        (
            f"{RULES}::test_a_refund_takes_no_more_of_a_kind_than_is_left",
            f"{RULES}::test_random_refunds_return_exactly_what_was_free_of_tax",
        ),
    ),
    Mutant(
        "exempt_goods_declared_to_a_taxable_contract",
        "posapp/domain/vat.py",
        "            case KakaoPayTax.TAXABLE:\n                return ZERO\n",
        "            case KakaoPayTax.TAXABLE:\n                return share\n",
        (f"{RULES}::test_what_is_declared_follows_the_contract",),
    ),
    Mutant(
        "declared_free_of_tax_is_not_verified",
        "posapp/domain/verification.py",
        "    if not may_be_tax_free(attempt.tax_free, order.tax_split, attempt.amount):\n        return PaymentProblem.TAX_FREE_DIFFERS\n",
        "",
        (f"{VERIFY}::test_what_was_declared_free_of_tax_fits_the_goods",),
    ),
    Mutant(
        "link_without_its_exempt_part",
        "posapp/services/payments/start_payment.py",
        "                    tax_free=attempt.tax_free,\n",
        "",
        (f"{FAULTS}::test_fault_106_the_link_and_the_records_have_the_exempt_part",),
    ),
    Mutant(
        "link_on_the_wire_without_its_exempt_part",
        "posapp/portone/checkout.py",
        '            "tax_free": int(require_part(order.tax_free, order.amount)),\n',
        "",
        (f"{FAULTS}::test_fault_106_the_link_and_the_records_have_the_exempt_part",),
    ),
    Mutant(
        "payment_forgets_its_exempt_part",
        "posapp/services/payments/record_payment.py",
        "    return min(attempt.tax_free, amount)\n",
        "    return Won(0)\n",
        (f"{FAULTS}::test_fault_106_refunds_in_any_order_return_it_exactly",),
    ),
    Mutant(
        "cancel_without_its_exempt_part",
        "posapp/services/refunds/refund_protocol.py",
        "                    tax_free=tax_free,\n",
        "",
        (f"{FAULTS}::test_fault_106_refunds_in_any_order_return_it_exactly",),
    ),
    Mutant(
        "cancel_of_a_kind_that_a_console_took",
        "posapp/services/refunds/refund_protocol.py",
        "                    tax_free=tax_free,\n",
        "                    tax_free=sending.tax_free,\n",
        (f"{FAULTS}::test_fault_106_a_console_cancel_beside_a_refund_that_waits",),
    ),
    Mutant(
        "cancel_on_the_wire_without_its_exempt_part",
        "posapp/portone/client.py",
        '            "tax_free": int(require_part(order.tax_free, amount)),\n',
        "",
        (f"{FAULTS}::test_fault_106_refunds_in_any_order_return_it_exactly",),
    ),
    Mutant(
        "refused_refunds_keep_their_exempt_part",
        "posapp/services/bookkeeping/refund_tax.py",
        "counted = [one for one in refunds if one.state is not RefundState.REFUSED]",
        "counted = list(refunds)",
        (f"{RULES}::test_a_refused_refund_gives_its_part_back",),
    ),
    Mutant(
        "db_more_of_a_kind_than_was_paid",
        SCHEMA,
        "      OR NEW.tax_free < NEW.amount AND gone.taxed > p.amount - p.tax_free))",
        "      OR NEW.tax_free < NEW.amount AND gone.taxed > p.amount))",
        (f"{FAULTS}::test_fault_106_twin_without_it_exempt_goods_go_back_as_taxable_ones",),
    ),
    Mutant(
        "pieces_at_the_full_price",
        "posapp/domain/orders.py",
        "return self.price * count - int(self.discount) * count // self.count",
        "return self.price * count",
        (f"{STORE}::test_a_part_takes_its_share_of_the_discount",),
    ),
    Mutant(
        "pieces_of_any_amount",
        "posapp/domain/orders.py",
        "        is_share = abs(made - due) <= (self.count if self.discount else 0)\n",
        "        is_share = True\n",
        (f"{STORE}::test_no_part_takes_another_share",),
    ),
    Mutant(
        "db_share_of_any_amount",
        SCHEMA,
        "    AND abs(NEW.discount - i.discount * NEW.count / i.count) <= i.count AND i.tax = NEW.tax\n",
        "    AND i.tax = NEW.tax\n",
        (f"{STORE}::test_no_part_takes_another_share",),
    ),
    Mutant(
        "db_discount_changes",
        SCHEMA,
        "WHEN NEW.discount <> OLD.first_discount\n",
        "WHEN NEW.discount > OLD.first_discount AND NEW.discount <> OLD.first_discount\n",
        (f"{STORE}::test_the_discount_never_changes_otherwise",),
    ),
    Mutant(
        "older_copy_divides_at_todays_share",
        "posapp/services/bookkeeping/item_parts.py",
        "        divide_item(uow, item, part, actor, now, amount)\n",
        "        divide_item(uow, item, part, actor, now)\n",
        (f"{FAULTS}::test_fault_109_an_older_copy_finds_the_parts_by_what_they_came_to",),
    ),
)
