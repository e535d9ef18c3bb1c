"""Guards of the counter's own sale: exact amounts, tax, codes, discounts and carts."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

AMOUNTS = "tests/unit/test_sale_amounts.py"
CODES = "tests/unit/test_product_codes.py"
LABELS = "tests/unit/test_label_patterns.py"
OPTIONS = "tests/unit/test_product_options.py"
DISCOUNTED = "tests/store/test_discounted_items.py"
GOODS = "tests/store/test_goods.py"
CARTS = "tests/store/test_carts.py"
SCHEMA = "posapp/store/migrations/versions/0015_counter_sale.sql"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "tax_is_cut_not_rounded",
        "posapp/domain/vat.py",
        "return Won((2 * int(taxable) + 11) // 22)",
        "return Won(int(taxable) // 11)",
        (
            f"{AMOUNTS}::test_the_tax_is_an_eleventh_half_up",
            f"{AMOUNTS}::test_random_sales_are_exact",
        ),
    ),
    Mutant(
        "tax_of_a_refund_by_itself",
        "posapp/domain/vat.py",
        "return self.vat - self.without(kind, net).vat",
        "return vat_of(net) if kind is TaxKind.TAXABLE else ZERO",
        (f"{AMOUNTS}::test_random_sales_are_exact",),
    ),
    Mutant(
        "more_goes_back_than_there_is",
        "posapp/domain/vat.py",
        "        if net < 0 or left.taxable < 0 or left.exempt < 0:\n",
        "        if net < 0:\n",
        (f"{AMOUNTS}::test_no_more_goes_back_than_there_is",),
    ),
    Mutant(
        "exempt_share_of_the_qr_is_cut",
        "posapp/domain/vat.py",
        "return Won((2 * int(self.exempt) * int(qr) + int(self.total)) // (2 * int(self.total)))",
        "return Won(int(self.exempt) * int(qr) // int(self.total))",
        (f"{AMOUNTS}::test_the_exempt_part_of_a_mixed_payment",),
    ),
    Mutant(
        "remainders_of_a_discount_are_lost",
        "posapp/domain/sale_amounts.py",
        "        shares[at] += 1\n",
        "        shares[at] += 0\n",
        (
            f"{AMOUNTS}::test_what_is_spread_sums_up_and_each_part_is_the_nearest",
            f"{AMOUNTS}::test_the_worked_example",
        ),
    ),
    Mutant(
        "remainders_go_to_the_first_lines",
        "posapp/domain/sale_amounts.py",
        "key=lambda at: (-rest[at], at)",
        "key=lambda at: at",
        (f"{AMOUNTS}::test_the_worked_example",),
    ),
    Mutant(
        "discount_above_its_amount",
        "posapp/domain/sale_amounts.py",
        "        if self.value > amount:\n            raise UserError(ErrorCode.DISCOUNT_ABOVE)\n",
        "",
        (f"{AMOUNTS}::test_a_discount_above_the_amount_is_refused",),
    ),
    Mutant(
        "discount_of_101_percent",
        "posapp/domain/sale_amounts.py",
        "if value < 1 or (kind is DiscountKind.PERCENT and value > 100):",
        "if value < 1:",
        (f"{AMOUNTS}::test_a_discount_that_is_none_is_refused",),
    ),
    Mutant(
        "prices_of_the_shop_are_rounded",
        "posapp/domain/sale_amounts.py",
        "    is_rounded = bool(off or own) or any(line.is_weighed for line in lines)\n",
        "    is_rounded = True\n",
        (f"{AMOUNTS}::test_prices_of_the_shop_are_rounded_only_beside_a_discount_or_a_weight",),
    ),
    Mutant(
        "wrong_check_digit_is_stored",
        "posapp/domain/product_codes.py",
        "and not is_gtin(code):",
        "and not code:",
        (f"{CODES}::test_a_typed_number_with_another_check_digit_names_the_right_one",),
    ),
    Mutant(
        "label_with_a_wrong_check_digit",
        "posapp/domain/label_patterns.py",
        "if len(code) != LENGTH or not is_gtin(code):",
        "if len(code) != LENGTH or not code.isdigit():",
        (f"{LABELS}::test_a_wrong_check_digit_is_no_label",),
    ),
    Mutant(
        "patterns_that_overlap",
        "posapp/domain/label_patterns.py",
        "        if one.overlaps(another):\n",
        "        if one == another:\n",
        (f"{LABELS}::test_patterns_that_one_label_could_fit_both_are_refused",),
    ),
    Mutant(
        "options_beyond_the_most",
        "posapp/domain/product_options.py",
        "        if len(options) > group.most:\n",
        "        if len(options) > len(group.options):\n",
        (f"{OPTIONS}::test_what_may_not_be_chosen",),
    ),
    Mutant(
        "total_without_its_discount",
        "posapp/domain/orders.py",
        "return self.price * self.count - self.discount",
        "return self.price * self.count",
        (f"{DISCOUNTED}::test_every_sum_is_without_the_discount",),
    ),
    Mutant(
        "request_for_more_than_was_paid",
        "posapp/store/repositories/requests.py",
        "item.price * item.count - item.discount if",
        "item.price * item.count if",
        (f"{DISCOUNTED}::test_every_sum_is_without_the_discount",),
    ),
    Mutant(
        "code_of_another_product",
        "posapp/store/repositories/goods.py",
        "                if other.id != product_id:\n",
        "                if other.id < 0:\n",
        (f"{GOODS}::test_a_code_is_one_products_only",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "two_open_carts",
        SCHEMA,
        "CREATE UNIQUE INDEX uq_carts_open",
        "CREATE INDEX uq_carts_open",
        (f"{CARTS}::test_a_till_has_one_open_cart",),
    ),
    Mutant(
        "lines_of_an_ordered_cart_are_removed",
        SCHEMA,
        "CREATE TRIGGER cart_lines_removed BEFORE DELETE ON cart_lines\nWHEN (SELECT state FROM carts WHERE id = OLD.cart_id) <> 'OPEN'",
        "CREATE TRIGGER cart_lines_removed BEFORE DELETE ON cart_lines\nWHEN OLD.id < 0",
        (f"{CARTS}::test_lines_change_in_an_open_cart_only",),
    ),
)
