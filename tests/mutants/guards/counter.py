"""Guards of the services of the counter's own sale: products, carts, their orders, and the end of
what nobody pays."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

PRODUCTS = "tests/integration/test_products.py"
LOOKUP = "tests/integration/test_code_lookup.py"
CARTS = "tests/integration/test_carts.py"
CHECKOUT = "tests/integration/test_checkout.py"
APPROVALS = "tests/integration/test_discount_approvals.py"
FAULTS = "tests/faults/test_counter_sale.py"
RULES = "tests/unit/test_sale_rules.py"
DENIED = "tests/integration/test_permissions.py::test_without_its_permission_an_action_does_nothing"

PRODUCT_SERVICE = "posapp/services/goods/product_service.py"
CODE_LOOKUP = "posapp/services/goods/code_lookup.py"
CART_SERVICE = "posapp/services/sale/cart_service.py"
CART_VIEW = "posapp/services/sale/cart_view.py"
CHECKOUT_SERVICE = "posapp/services/sale/checkout.py"
EXPIRY = "posapp/services/sale/expire_reservations.py"
POLICY = "posapp/services/staff/staff_policy.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "cleared_sale_is_put_into_an_open_one",
        CART_SERVICE,
        "            if cart.lines:\n                raise UserError(ErrorCode.CART_OPEN)\n            for line",
        "            for line",
        (f"{CARTS}::test_a_cleared_sale_is_begun_anew",),
    ),
    Mutant(
        "any_sale_is_begun_anew",
        CART_SERVICE,
        "            if dropped is None or dropped.state is not CartState.DROPPED:",
        "            if dropped is None:",
        (f"{CARTS}::test_a_cleared_sale_is_begun_anew",),
    ),
    Mutant(
        "product_of_another_seller",
        PRODUCT_SERVICE,
        "elif actor.acts_as is not ActorKind.SELLER or actor.user_id != seller_id:",
        "elif actor.acts_as is not ActorKind.SELLER:",
        (f"{PRODUCTS}::test_a_sellers_products_are_no_other_users",),
    ),
    Mutant(
        "product_is_given_to_another_seller",
        PRODUCT_SERVICE,
        "            self._guard_seller(uow, actor, draft.seller_id)\n            if not 0",
        "            if not 0",
        (f"{PRODUCTS}::test_a_sellers_products_are_no_other_users",),
    ),
    Mutant(
        "products_of_all_without_the_right",
        PRODUCT_SERVICE,
        "            self._access.require(uow, actor, Permission.ACT_FOR_OTHERS)\n",
        "            pass\n",
        (f"{PRODUCTS}::test_who_acts_for_no_seller_needs_the_right_to_act_for_all",),
    ),
    Mutant(
        "product_is_changed_without_permission",
        PRODUCT_SERVICE,
        (
            "            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)\n"
            "            known = _known(uow, product_id)\n"
            "            self._guard_seller(uow, actor, known.seller_id)\n"
            "            self._guard_seller(uow, actor, draft"
        ),
        (
            "            known = _known(uow, product_id)\n"
            "            self._guard_seller(uow, actor, known.seller_id)\n"
            "            self._guard_seller(uow, actor, draft"
        ),
        (f"{DENIED}[change_product-manage_products]",),
    ),
    Mutant(
        "picture_is_set_without_permission",
        PRODUCT_SERVICE,
        (
            "            self._access.require(uow, actor, Permission.MANAGE_PRODUCTS)\n"
            "            known = _known(uow, product_id)\n"
            "            self._guard_seller(uow, actor, known.seller_id)\n"
            "            before"
        ),
        (
            "            known = _known(uow, product_id)\n"
            "            self._guard_seller(uow, actor, known.seller_id)\n"
            "            before"
        ),
        (f"{DENIED}[set_picture-manage_products]",),
    ),
    Mutant(
        "picture_of_another_sellers_product",
        PRODUCT_SERVICE,
        "            self._guard_seller(uow, actor, known.seller_id)\n            before",
        "            before",
        (f"{PRODUCTS}::test_the_picture_of_another_sellers_product_stays",),
    ),
    Mutant(
        "stale_product_takes_its_picture_away",
        "posapp/store/repositories/catalogue.py",
        '    row = to_row(product, without=("picture",))\n',
        "    row = to_row(product)\n",
        (f"{PRODUCTS}::test_a_picture_stays_when_the_product_is_changed",),
    ),
    Mutant(
        "sold_pieces_are_back_by_a_stale_form",
        PRODUCT_SERVICE,
        "stock = known.stock + draft.stock - stock_seen",
        "stock = draft.stock",
        (f"{PRODUCTS}::test_what_was_sold_while_a_product_was_changed_counts",),
    ),
    Mutant(
        "plu_of_another_product",
        PRODUCT_SERVICE,
        "    if other is not None and other.id != number:\n",
        "    if other is not None and other.id < 0:\n",
        (f"{PRODUCTS}::test_what_is_no_product_is_refused_and_nothing_is_written",),
        errors=("IntegrityError",),
    ),
    Mutant(
        "own_code_of_another_product",
        PRODUCT_SERVICE,
        "while any(other.id != product.id for",
        "while any(other.id < 0 for",
        (f"{PRODUCTS}::test_an_own_code_is_given_once",),
    ),
    Mutant(
        "weight_of_what_is_sold_by_the_piece",
        CODE_LOOKUP,
        "    if is_weight and product.unit is not SaleUnit.WEIGHT:\n",
        "    if is_weight and product.id < 0:\n",
        (f"{LOOKUP}::test_a_label_that_names_nothing",),
    ),
    Mutant(
        "label_of_nothing",
        CODE_LOOKUP,
        "if product is None or not (label.grams if is_weight else label.price):",
        "if product is None:",
        (f"{LOOKUP}::test_a_label_that_names_nothing",),
    ),
    Mutant(
        "gtin_is_a_plu",
        CODE_LOOKUP,
        "if is_number and not is_gtin(code) else None",
        "if is_number else None",
        (f"{LOOKUP}::test_a_gtin_is_no_plu",),
    ),
    Mutant(
        "line_beyond_any_amount",
        CART_SERVICE,
        "    if int(line.price) * line.count > MAX_AMOUNT:\n",
        "    if line.count < 0:\n",
        (f"{CARTS}::test_amounts_that_are_none",),
        errors=("IntegrityError", "InvalidAmount"),
    ),
    Mutant(
        "cart_beyond_any_amount",
        CART_VIEW,
        "    if sum(int(line.price) * line.count for line in cart.lines) > MAX_AMOUNT:\n",
        "    if cart.id < 0:\n",
        (f"{CARTS}::test_amounts_that_are_none",),
    ),
    Mutant(
        "stopped_product_is_sold",
        CART_SERVICE,
        "        if not product.active:\n            raise",
        "        if product.id < 0:\n            raise",
        (f"{CARTS}::test_what_is_not_sold_any_more",),
    ),
    Mutant(
        "kilogram_is_sold_as_a_piece",
        CART_SERVICE,
        "if (grams is not None) != (product.unit is SaleUnit.WEIGHT) or not (",
        "if not (",
        (f"{CARTS}::test_weights",),
    ),
    Mutant(
        "code_becomes_a_product_that_does_not_have_it",
        CART_SERVICE,
        "            if product_id not in packs:\n                raise UserError(ErrorCode.PRODUCT_UNKNOWN)\n",
        "            packs.setdefault(product_id, 1)\n",
        (
            f"{CARTS}::test_two_products_with_one_barcode",
            f"{CARTS}::test_a_code_becomes_a_product_once_it_has_one",
        ),
    ),
    Mutant(
        "fifty_first_cart_on_hold",
        CART_SERVICE,
        "if len(uow.carts.held()) >= MOST_HELD:",
        "if len(uow.carts.held()) > MOST_HELD:",
        (f"{CARTS}::test_at_most_fifty_are_on_hold",),
    ),
    Mutant(
        "cart_with_lines_is_dropped_for_another",
        CART_SERVICE,
        "                if current.lines:\n                    raise UserError(ErrorCode.CART_OPEN)\n",
        "",
        (f"{CARTS}::test_a_sale_is_put_on_hold_and_taken_up",),
    ),
    Mutant(
        "sale_is_discounted_without_permission",
        CART_SERVICE,
        (
            "            self._access.require(uow, actor, Permission.SELL)\n"
            "            self._save_discounted(uow, actor, replace(self._open(uow), discount=discount))\n"
        ),
        "            self._save_discounted(uow, actor, replace(self._open(uow), discount=discount))\n",
        (f"{DENIED}[discount_sale-sell]",),
    ),
    Mutant(
        "price_of_now_is_not_compared",
        CART_VIEW,
        "    elif price != line.price:\n",
        "    elif price < 0:\n",
        (
            f"{CARTS}::test_prices_that_changed_meanwhile",
            f"{FAULTS}::test_fault_102_what_changed_meanwhile_is_asked_first",
        ),
    ),
    Mutant(
        "pieces_of_several_lines_are_not_counted_together",
        CART_VIEW,
        "product.stock < wanted[product.id]:",
        "product.stock < line.count:",
        (f"{CARTS}::test_stock_that_ends_in_the_cart",),
    ),
    Mutant(
        "discount_above_the_percentage_alone",
        "posapp/domain/sale_rules.py",
        "            or amounts.given > most\n",
        "",
        (f"{RULES}::test_the_limits", f"{APPROVALS}::test_discounts_of_lines_are_counted_together"),
    ),
    Mutant(
        "discount_above_the_won_alone",
        "posapp/domain/sale_rules.py",
        "            amounts.given > self.discount_won\n            or",
        "            False\n            or",
        (f"{RULES}::test_the_limits", f"{APPROVALS}::test_won_count_too"),
    ),
    Mutant(
        "line_for_nothing_alone",
        "posapp/domain/sale_rules.py",
        "            or any(line.discount > limit for line, limit in zip(lines, of_lines, strict=True))\n",
        "",
        (
            f"{RULES}::test_the_limits",
            f"{APPROVALS}::test_the_discount_of_one_line_is_measured_by_the_line",
        ),
    ),
    Mutant(
        "discount_that_nobody_approved",
        "posapp/services/sale/discount_approval.py",
        "    approver = access.require_discount(uow, actor, what, given, view.discount_reason)\n",
        "    approver = actor\n",
        (
            f"{APPROVALS}::test_above_it_another_person_is",
            f"{APPROVALS}::test_the_order_asks_again",
        ),
    ),
    Mutant(
        "approval_is_good_for_any_discount",
        "posapp/services/sale/discount_approval.py",
        "approved_discount=given,",
        "approved_discount=view.amounts.subtotal,",
        (f"{APPROVALS}::test_it_is_good_for_as_many_won_and_no_more",),
    ),
    Mutant(
        "discount_is_approved_by_who_may_not_give_it",
        POLICY,
        "        and approver.grant(permission) is Grant.YES\n",
        "        and approver.grant(permission) is not Grant.NO\n",
        (f"{APPROVALS}::test_who_may_approve",),
    ),
    Mutant(
        "discount_by_a_stranger",
        POLICY,
        "            raise UserError(ErrorCode.NOT_PERMITTED)\n        now = self._clock.now()\n        used",
        "            return None\n        now = self._clock.now()\n        used",
        (f"{APPROVALS}::test_the_guard_itself_asks_who_it_is",),
    ),
    Mutant(
        "sale_without_permission",
        CHECKOUT_SERVICE,
        "        self._access.require(uow, actor, Permission.SELL)\n",
        "",
        (f"{DENIED}[order_sale-sell]",),
    ),
    Mutant(
        "sale_in_an_older_copy",
        CHECKOUT_SERVICE,
        "        guard_reconciled(uow)\n",
        "",
        (
            f"{CHECKOUT}::test_what_cannot_be_ordered",
            f"{FAULTS}::test_fault_105_nothing_is_ordered_before_comparing",
        ),
    ),
    Mutant(
        "sale_with_a_code_of_nothing",
        CHECKOUT_SERVICE,
        "        if view.has_codes:\n",
        "        if view.cart.id < 0:\n",
        (f"{FAULTS}::test_fault_104_a_code_without_a_product_stops_the_sale",),
    ),
    Mutant(
        "sale_at_an_old_price",
        CHECKOUT_SERVICE,
        "        if any(one.problem is not LineProblem.OUT_OF_STOCK for one in view.problems):\n",
        "        if any(one.product is None for one in view.problems):\n",
        (f"{FAULTS}::test_fault_102_what_changed_meanwhile_is_asked_first",),
    ),
    Mutant(
        "sale_of_another_amount_than_was_shown",
        CHECKOUT_SERVICE,
        "        if amount != payable:\n",
        "        if amount < 0:\n",
        (f"{CHECKOUT}::test_another_amount_than_was_shown_is_refused",),
    ),
    Mutant(
        "sale_of_nothing",
        CHECKOUT_SERVICE,
        "        if amount == 0:\n            raise UserError(ErrorCode.ORDER_ZERO)\n",
        "",
        (f"{CHECKOUT}::test_what_cannot_be_ordered",),
    ),
    Mutant(
        "sale_that_kakaopay_does_not_take",
        CHECKOUT_SERVICE,
        "        if rest and not self._config.min_amount <= rest <= self._config.max_amount:\n",
        "        if amount < 0:\n",
        (f"{CHECKOUT}::test_what_cannot_be_ordered",),
    ),
    Mutant(
        "sale_without_its_stock",
        CHECKOUT_SERVICE,
        "            uow.orders.take_stock(item.product_id, item.count)\n",
        "            pass\n",
        (f"{FAULTS}::test_fault_39_what_is_ordered_is_reserved",),
    ),
    Mutant(
        "cart_goes_on_after_its_order",
        CHECKOUT_SERVICE,
        "        uow.carts.save(cart.apply(CartTrigger.ORDERED, order_id=order.id))\n",
        "",
        (
            f"{FAULTS}::test_fault_100_one_cart_is_one_order",
            f"{CHECKOUT}::test_a_second_press_makes_no_second_order",
        ),
    ),
    Mutant(
        "number_of_a_lost_sale_is_given_again",
        CHECKOUT_SERVICE,
        "        if not is_named:\n",
        "        if number > 0:\n",
        (
            f"{CHECKOUT}::test_numbers_of_a_lost_newer_database_are_not_given_again",
            f"{FAULTS}::test_fault_105_nothing_is_ordered_before_comparing",
        ),
    ),
    Mutant(
        "number_of_a_lost_item_is_given_again",
        CHECKOUT_SERVICE,
        "    while uow.refunds.of_item(number := uow.record_ids.next(RecordKind.ORDER_ITEM)):\n        pass\n    return number\n",
        "    return uow.record_ids.next(RecordKind.ORDER_ITEM)\n",
        (f"{CHECKOUT}::test_numbers_of_a_lost_newer_database_are_not_given_again",),
    ),
    Mutant(
        "discount_without_a_fact",
        CHECKOUT_SERVICE,
        "    if discount == 0:\n",
        "    if discount >= 0:\n",
        (f"{CHECKOUT}::test_discounts_are_spread_to_the_won",),
    ),
    Mutant(
        "order_ends_under_a_live_qr",
        EXPIRY,
        "if any(one.is_live or one.next_check_at is not None for one in",
        "if any(one.id < 0 for one in",
        (
            f"{CHECKOUT}::test_a_live_qr_keeps_the_order",
            f"{FAULTS}::test_fault_103_a_qr_that_is_being_made_keeps_the_order",
        ),
    ),
    Mutant(
        "order_ends_under_a_buyer_inside_kakaopay",
        EXPIRY,
        "if any(one.is_live or one.next_check_at is not None for one in",
        "if any(one.is_live for one in",
        (
            f"{CHECKOUT}::test_a_buyer_inside_kakaopay_keeps_the_order",
            f"{FAULTS}::test_fault_103_who_pays_late_gets_the_order",
        ),
    ),
    Mutant(
        "paid_order_ends",
        EXPIRY,
        "            order = _unpaid(uow, number)\n            if order is None:\n",
        "            order = uow.orders.get(number)\n            if order is None:\n",
        (f"{FAULTS}::test_fault_103_a_qr_between_the_look_and_the_end",),
    ),
    Mutant(
        "order_of_an_older_copy_ends",
        EXPIRY,
        "        guard_reconciled(uow)\n",
        "",
        (f"{CHECKOUT}::test_an_older_copy_ends_nothing_before_it_is_compared",),
    ),
    Mutant(
        "order_ends_beside_money_that_may_be_its_own",
        EXPIRY,
        "        guard_no_lost_payment(uow, number)\n",
        "",
        (f"{CHECKOUT}::test_money_that_may_be_the_orders_keeps_it",),
    ),
    Mutant(
        "cancelled_item_ends_again",
        EXPIRY,
        "                if item.status is ItemStatus.WAITING_FOR_PAYMENT:\n                    cancel",
        "                if item.id > 0:\n                    cancel",
        (f"{CHECKOUT}::test_an_item_that_a_person_cancelled_is_not_cancelled_again",),
    ),
    Mutant(
        "order_of_a_clock_that_was_ahead_keeps_its_stock",
        "posapp/store/repositories/orders.py",
        'orders.c.created_at > bindparam("until")),',
        'bindparam("until") < bindparam("since")),',
        (f"{CHECKOUT}::test_an_order_of_a_clock_that_was_ahead_ends",),
    ),
    Mutant(
        "order_from_outside_ends",
        "posapp/store/repositories/orders.py",
        "        ORDER_RESERVED,\n        or_",
        "        ORDER_OPEN,\n        or_",
        (f"{CHECKOUT}::test_orders_that_came_from_outside_do_not_end",),
    ),
)
