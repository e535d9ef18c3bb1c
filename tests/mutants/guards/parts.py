"""Guards of parts of items: exact pieces, none twice, and found again from PortOne's history."""
# ruff: noqa: E501 - patches quote lines of the sources unchanged

from __future__ import annotations

from tests.mutants.mutant import Mutant

SCHEMA = "posapp/store/migrations/versions/0013_item_parts.sql"
STORE = "tests/store/test_item_parts.py"
FAULTS = "tests/faults/test_item_parts.py"
TAGS = "tests/unit/test_part_tags.py"
EVIDENCE = "tests/unit/test_refund_evidence.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "part_of_an_unpaid_item",
        "posapp/domain/orders.py",
        "        if not self.is_paid:\n            raise UserError(ErrorCode.NOT_PAID_YET)\n        if self.part_of",
        "        if self.part_of",
        (f"{TAGS}::test_what_cannot_be_divided",),
    ),
    Mutant(
        "part_of_a_part",
        "posapp/domain/orders.py",
        "        if self.part_of is not None:\n            raise UserError(ErrorCode.PART_OF_PART)\n",
        "",
        (f"{TAGS}::test_what_cannot_be_divided",),
    ),
    Mutant(
        "part_of_all_pieces",
        "posapp/domain/orders.py",
        "if not 0 < count < self.count:",
        "if not 0 < count <= self.count:",
        (f"{TAGS}::test_what_cannot_be_divided",),
    ),
    Mutant(
        "pieces_stay_in_the_item",
        "posapp/domain/orders.py",
        "return replace(self, count=self.count - count), part",
        "return self, part",
        (f"{TAGS}::test_parts_are_exact_and_sums_stay_whole",),
    ),
    Mutant(
        "part_of_another_tag",
        "posapp/domain/merchant_numbers.py",
        "return part if part.number >= FIRST_PART else None",
        "return part",
        (f"{TAGS}::test_no_other_tag_names_a_part",),
    ),
    Mutant(
        "cut_tag_of_a_part_is_not_its_items",
        "posapp/domain/merchant_numbers.py",
        "return digits == number or _may_be_part_of(reason[start:], item_id)",
        "return digits == number",
        (f"{TAGS}::test_a_cut_tag_may_name_the_part_or_its_item",),
    ),
    Mutant(
        "lost_part_is_not_its_items_money",
        "posapp/domain/refund_evidence.py",
        "    if other is not None and other.of_item == refund.item_id:\n        return True\n",
        "",
        (f"{EVIDENCE}::test_an_unrecorded_line_of_a_part_may_be_the_money_of_its_item",),
    ),
    Mutant(
        "lost_item_is_not_its_parts_money",
        "posapp/domain/refund_evidence.py",
        "return own is not None and item_id_of(tag) == own.of_item",
        "return False",
        (f"{EVIDENCE}::test_an_unrecorded_line_of_the_item_may_be_the_money_of_its_part",),
    ),
    Mutant(
        "more_pieces_elsewhere_are_other_money",
        "posapp/domain/refund_evidence.py",
        "return line.amount * part.count % refund.amount == 0",
        "return False",
        (f"{EVIDENCE}::test_an_untagged_line_of_these_or_more_pieces_may_be_a_part",),
    ),
    Mutant(
        "refused_refund_lands_on_fewer_pieces",
        "posapp/services/bookkeeping/found_refunds.py",
        "        and sum(item.total for item in items) == refund.amount\n",
        "",
        (f"{FAULTS}::test_a_refused_refund_of_all_pieces_that_comes_after_a_part_is_named",),
    ),
    Mutant(
        "rest_of_an_item_before_its_parts",
        "posapp/services/bookkeeping/restored_refunds.py",
        "return is_remainder_tag(tag), part_of(tag) is None",
        "return is_remainder_tag(tag), False",
        (f"{FAULTS}::test_parts_and_what_was_left_are_found_in_any_order",),
    ),
    Mutant(
        "approval_of_all_pieces_is_for_some",
        "posapp/services/refunds/cancel_item.py",
        '                what = f"{what}:{count}"\n',
        "",
        (
            "tests/integration/test_refund_approvals.py::test_an_approval_is_for_its_count_of_pieces",
        ),
    ),
    Mutant(
        "part_made_again_for_any_amount",
        "posapp/services/bookkeeping/item_parts.py",
        " or item.price * part.count != amount:",
        ":",
        (f"{FAULTS}::test_a_line_of_a_part_that_fits_nothing_is_named",),
    ),
    Mutant(
        "part_made_again_in_another_order",
        "posapp/services/bookkeeping/item_parts.py",
        "item.order_id != order_id or ",
        "",
        (f"{FAULTS}::test_a_line_of_a_part_that_fits_nothing_is_named",),
    ),
    Mutant(
        "part_is_not_made_again",
        "posapp/services/bookkeeping/item_parts.py",
        "        divide_item(uow, item, part, actor, now)\n",
        "        return False\n",
        (
            f"{FAULTS}::test_an_older_copy_divides_the_item_again_from_the_tag",
            f"{FAULTS}::test_the_journal_divides_the_item_again",
        ),
    ),
    Mutant(
        "part_made_again_beyond_the_payment",
        "posapp/services/bookkeeping/restored_refunds.py",
        "    if gone + refund.amount > payment.amount:\n        return False\n    return divide_again",
        "    return divide_again",
        (f"{FAULTS}::test_a_part_that_is_more_than_what_is_left_is_named",),
    ),
    Mutant(
        "part_made_again_for_a_rejected_payment",
        "posapp/services/bookkeeping/restored_refunds.py",
        "    if part_of(refund.tag) is None:\n        return True\n    if payment.disposition is not PaymentDisposition.ACCEPTED:\n        return False\n",
        "    if part_of(refund.tag) is None:\n        return True\n",
        (f"{FAULTS}::test_a_line_of_a_part_at_a_rejected_payment_divides_nothing",),
    ),
    Mutant(
        "intent_of_a_lost_part_without_its_item",
        "posapp/services/maintenance/recover_journal.py",
        "    if not divide_again(uow, intent.tag, intent.order_id, intent.amount, TILL, now):\n        return None\n",
        "",
        (f"{FAULTS}::test_an_intent_of_a_part_that_fits_nothing_is_reported",),
    ),
    Mutant(
        "decision_undone_after_a_part",
        "posapp/services/requests/decide_request.py",
        "if was_divided_since(uow, request.order_id, request.item_id, request.created_at):",
        "if False:",
        (f"{FAULTS}::test_a_decision_about_all_pieces_is_not_undone_once_some_are_back",),
    ),
    Mutant(
        "division_without_an_entry",
        "posapp/services/bookkeeping/item_parts.py",
        "            item_id=item.id,\n",
        "",
        (f"{FAULTS}::test_two_of_five_pieces_go_back_and_three_stay_paid",),
    ),
    Mutant(
        "known_order_compared_in_parts",
        "posapp/services/importing/known_orders.py",
        "    ordered = known.ordered_items\n",
        "    ordered = known.items\n",
        (f"{FAULTS}::test_a_file_with_the_order_again_changes_nothing",),
    ),
    Mutant(
        "db_count_changes",
        SCHEMA,
        "WHEN NEW.count <> OLD.first_count\n",
        "WHEN NEW.count > OLD.first_count AND NEW.count <> OLD.first_count\n",
        (f"{STORE}::test_pieces_never_change_otherwise",),
    ),
    Mutant(
        "db_part_of_a_part",
        SCHEMA,
        "i.id = NEW.part_of AND i.part_of IS NULL AND",
        "i.id = NEW.part_of AND",
        (f"{STORE}::test_a_part_has_no_parts",),
    ),
    Mutant(
        "db_part_of_all_pieces",
        SCHEMA,
        "i.count > NEW.count",
        "i.count >= NEW.count",
        (f"{STORE}::test_at_least_one_piece_stays",),
        ("IntegrityError",),
    ),
    Mutant(
        "db_part_of_an_unpaid_item",
        SCHEMA,
        " AND i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')\n",
        "\n",
        (f"{STORE}::test_an_item_that_is_not_paid_is_not_divided",),
    ),
    Mutant(
        "db_part_beside_a_refund",
        SCHEMA,
        "(r.item_id = i.id OR instr",
        "(instr",
        (f"{STORE}::test_an_item_with_a_refund_is_not_divided",),
    ),
    Mutant(
        "db_part_beside_a_refund_of_the_rest",
        SCHEMA,
        "(r.item_id = i.id OR instr(' ' || r.covers || ' ', ' ' || i.id || ' ') > 0)",
        "(r.item_id = i.id)",
        (f"{STORE}::test_an_item_with_a_refund_is_not_divided",),
    ),
    Mutant(
        "db_part_beside_a_request",
        SCHEMA,
        "    AND NOT EXISTS (SELECT 1 FROM requests WHERE item_id = i.id AND state = 'WAIT'))",
        ")",
        (f"{STORE}::test_an_item_that_a_request_waits_for_is_not_divided",),
    ),
    Mutant(
        "db_part_takes_no_pieces",
        SCHEMA,
        "BEGIN UPDATE order_items SET count = count - NEW.count WHERE id = NEW.part_of; END;",
        "BEGIN SELECT 1; END;",
        (f"{STORE}::test_a_part_takes_its_pieces_out_of_its_item",),
    ),
)
