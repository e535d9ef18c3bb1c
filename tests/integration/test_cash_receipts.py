"""Cash receipts from the request to the tax office's number, and back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest

from posapp.domain.cash_receipts import ReceiptProblem, ReceiptRules, ReceiptState, ReceiptTaskKind
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode
from posapp.domain.ledger import LedgerEvent
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.sandbox.receipt_book import CHANNEL
from posapp.store.repositories.cash_receipts import SqlCashReceipts
from posapp.system.identity_vault import KeyringVault
from tests.fakes.actors import WHO
from tests.fakes.world import FakeSecrets
from tests.integration.receipt_shop import DIGITS, PATH, PHONE, ReceiptShop
from tests.integration.sale_shop import refusal

S = ReceiptState
PERSONAL, BUSINESS, UNNAMED = ReceiptPurpose


@pytest.fixture
def shop(tmp_path: Path, sandbox, clock) -> Iterator[ReceiptShop]:
    made = ReceiptShop(tmp_path, sandbox, clock)
    yield made
    made.close()


def test_a_receipt_is_issued_for_the_cash_of_a_sale(shop: ReceiptShop) -> None:
    order = shop.sell(7, rice_grams=532)
    asked = shop.ask(order)
    assert (asked.state, asked.masked) == (S.REQUESTED, "010-****-5678")
    assert asked.sealed is not None and DIGITS.encode() not in asked.sealed
    assert asked.due_at == shop.clock.now() + timedelta(days=5)
    shop.work(2)
    (issued,) = shop.receipts(order)
    (held,) = shop.sandbox.receipts.all()
    assert (issued.state, issued.approval_no) == (S.ISSUED, held.apply_num)
    assert (held.amount, held.tax_free) == (22_260, 6_860)
    assert (held.name, held.type, held.channel_key) == ("단팥빵 외 1건", "person", CHANNEL)
    assert held.identifier == "…5678"
    assert issued.sealed is None
    (fact,) = shop.facts(order)
    assert (fact.event, fact.amount, fact.actor) == (LedgerEvent.CASH_RECEIPT_ISSUED, 0, WHO)
    assert fact.reference == issued.approval_no
    shop.check_receipts(order)


def test_an_expense_and_one_for_nobody(shop: ReceiptShop) -> None:
    first, second = shop.sell(1), shop.sell(2)
    shop.ask(first, "220-81-62517", BUSINESS)
    shop.ask(second, "", UNNAMED)
    shop.work(2)
    assert [one.type for one in shop.sandbox.receipts.all()] == ["company", "person"]
    assert [one.identifier for one in shop.sandbox.receipts.all()] == ["…2517", "…1234"]
    shop.check_receipts(first, second)


@pytest.mark.parametrize(
    ("purpose", "number", "code"),
    [
        (PERSONAL, "12", ErrorCode.RECEIPT_NUMBER),
        (PERSONAL, "900101-1234567", ErrorCode.RECEIPT_RESIDENT),
        (BUSINESS, "220-81-62518", ErrorCode.RECEIPT_NUMBER),
    ],
)
def test_a_wrong_number_changes_nothing(shop: ReceiptShop, purpose, number, code) -> None:
    order = shop.sell(1)
    assert refusal(lambda: shop.ask(order, number, purpose)).code is code
    assert shop.receipts(order) == []


def test_nothing_without_cash(shop: ReceiptShop) -> None:
    shop.cart_service.add(WHO, 501)
    unpaid = shop.checkout_service.order(WHO, 2_200)
    assert refusal(lambda: shop.ask(unpaid)).code is ErrorCode.RECEIPT_NO_CASH
    shop.change(501, stock=30)
    order = shop.sell(1)
    shop.give_back(order)
    assert refusal(lambda: shop.ask(order)).code is ErrorCode.RECEIPT_NO_CASH
    service = shop.cash_receipt_service
    unknown = refusal(lambda: service.request(WHO, 999_999, PERSONAL, PHONE))
    assert unknown.code is ErrorCode.ORDER_UNKNOWN


def test_a_second_press_asks_once(shop: ReceiptShop) -> None:
    order = shop.sell(1)
    shop.ask(order)
    assert refusal(lambda: shop.ask(order)).code is ErrorCode.RECEIPT_EXISTS
    shop.work(2)
    assert refusal(lambda: shop.ask(order)).code is ErrorCode.RECEIPT_EXISTS
    assert len(shop.sandbox.receipts.all()) == 1


def test_a_number_is_corrected_before_it_is_sent(shop: ReceiptShop) -> None:
    order = shop.sell(1)
    shop.ask(order)
    shop.ask(order, "010-9999-0000")
    shop.work(2)
    assert shop.states(order) == [S.CANCELLED, S.ISSUED]
    assert [one.identifier for one in shop.sandbox.receipts.all()] == ["…0000"]
    shop.check_receipts(order)


def test_large_cash_is_issued_unasked_after_a_while(shop: ReceiptShop) -> None:
    large, small = shop.sell(46), shop.sell(1)
    shop.pass_time(4 * 60)
    assert shop.receipts(large) == []
    shop.settle(4)
    (issued,) = shop.receipts(large)
    assert (issued.purpose, issued.state, issued.amount) == (UNNAMED, S.ISSUED, 101_200)
    assert shop.receipts(small) == []
    shop.settle(10)
    assert len(shop.receipts(large)) == 1
    shop.check_receipts(large, small)


def test_large_cash_that_was_asked_for_is_not_asked_for_again(shop: ReceiptShop) -> None:
    order = shop.sell(46)
    shop.ask(order)
    shop.settle(20)
    assert [one.purpose for one in shop.receipts(order)] == [PERSONAL]


def test_large_cash_that_is_asked_for_in_that_moment_stays_the_buyers(shop: ReceiptShop) -> None:
    order = shop.sell(46)
    shop.clock.advance(minutes=6)
    job_reads = SqlCashReceipts.orders_without

    def asked_meanwhile(self, *given):
        found = job_reads(self, *given)
        shop.ask(order)
        return found

    with mock.patch.object(SqlCashReceipts, "orders_without", asked_meanwhile):
        shop.work(1)
    shop.settle(5)
    assert [one.purpose for one in shop.receipts(order)] == [PERSONAL]
    shop.check_receipts(order)


def test_large_cash_that_went_back_is_not_issued(shop: ReceiptShop) -> None:
    order = shop.sell(46)
    shop.give_back(order)
    shop.settle(20)
    assert shop.receipts(order) == []


def test_nothing_is_issued_unasked_where_the_settings_say_so(tmp_path, sandbox, clock) -> None:
    shop = ReceiptShop(tmp_path, sandbox, clock, receipts=ReceiptRules(is_mandatory=False))
    order = shop.sell(46)
    shop.settle(20)
    assert shop.receipts(order) == []
    shop.close()


def test_one_for_nobody_becomes_the_buyers(shop: ReceiptShop) -> None:
    order = shop.sell(46)
    shop.settle(10)
    shop.ask(order)
    shop.settle(5)
    assert shop.states(order) == [S.CANCELLED, S.ISSUED]
    assert [one.purpose for one in shop.receipts(order)] == [UNNAMED, PERSONAL]
    shop.check_receipts(order)


def test_a_cancelled_sale_cancels_its_receipt(shop: ReceiptShop) -> None:
    order = shop.sell(1)
    shop.ask(order)
    shop.work(2)
    shop.give_back(order)
    assert shop.states(order) == [S.CANCEL_REQUESTED]
    shop.clock.advance(seconds=5)
    shop.work(2)
    assert shop.states(order) == [S.CANCELLED]
    assert [fact.event for fact in shop.facts(order)] == [
        LedgerEvent.CASH_RECEIPT_ISSUED,
        LedgerEvent.CASH_RECEIPT_CANCELLED,
    ]
    shop.check_receipts(order)


def test_a_part_goes_back_and_the_rest_is_issued_for_nobody(shop: ReceiptShop) -> None:
    order = shop.sell(7, rice_grams=532)
    shop.ask(order)
    shop.work(2)
    shop.give_back(order, at=1)
    assert shop.states(order) == [S.CANCEL_REQUESTED, S.REQUESTED]
    shop.settle(5)
    assert shop.states(order) == [S.CANCELLED, S.REQUESTED]
    shop.settle(10)
    first, rest = shop.receipts(order)
    assert (first.state, rest.state) == (S.CANCELLED, S.ISSUED)
    assert (rest.purpose, rest.amount, rest.tax_free) == (UNNAMED, 15_400, 0)
    assert (rest.replaces_id, rest.own_no) == (first.id, f"{first.own_no}R1")
    shop.check_receipts(order)


def test_the_rest_in_the_name_of_a_number_that_is_asked_for_again(shop: ReceiptShop) -> None:
    order = shop.sell(7, rice_grams=532)
    shop.ask(order)
    shop.work(2)
    shop.give_back(order, at=1)
    shop.ask(order)
    assert shop.states(order) == [S.CANCEL_REQUESTED, S.CANCELLED, S.REQUESTED]
    shop.settle(5)
    assert shop.states(order) == [S.CANCELLED, S.CANCELLED, S.ISSUED]
    last = shop.receipts(order)[-1]
    assert (last.purpose, last.amount, last.masked) == (PERSONAL, 15_400, "010-****-5678")
    shop.check_receipts(order)


def test_one_that_was_not_sent_takes_the_new_amount(shop: ReceiptShop) -> None:
    order = shop.sell(7, rice_grams=532)
    shop.ask(order)
    shop.give_back(order, at=1)
    (waiting,) = shop.receipts(order)
    assert (waiting.state, waiting.amount, waiting.tax_free) == (S.REQUESTED, 15_400, 0)
    shop.give_back(order, at=0)
    assert shop.states(order) == [S.CANCELLED]
    shop.settle(5)
    assert shop.sandbox.receipts.all() == []


def test_offline_it_waits_and_is_issued_once_portone_is_there(shop: ReceiptShop) -> None:
    shop.sandbox.stop()
    shop.pass_time(60)
    order = shop.sell(1)
    shop.ask(order)
    shop.settle(5)
    assert shop.states(order) == [S.REQUESTED]
    shop.sandbox.start()
    shop.settle(5)
    assert shop.states(order) == [S.ISSUED]
    shop.check_receipts(order)


def test_nothing_is_sent_before_the_first_comparison(tmp_path, sandbox, clock) -> None:
    shop = ReceiptShop(tmp_path, sandbox, clock)
    order = shop.sell(1)
    shop.ask(order)
    shop.close()
    sandbox.faults.add("status", path="/payments/status/*", status=500)
    again = shop.again()
    again.settle(2)
    assert again.states(order) == [S.REQUESTED]
    sandbox.faults.clear()
    again.settle(15)
    again.check_receipts(order)
    again.close()


# By hand.


@pytest.fixture
def no_channel(tmp_path: Path, sandbox, clock) -> Iterator[ReceiptShop]:
    made = ReceiptShop(tmp_path, sandbox, clock, receipt_channel="")
    yield made
    made.close()


def test_without_a_channel_a_person_issues_it(no_channel: ReceiptShop) -> None:
    shop, service = no_channel, no_channel.cash_receipt_service
    order = shop.sell(1)
    asked = shop.ask(order)
    assert (asked.by_hand, asked.sealed) == (True, None)
    shop.settle(5)
    (task,) = service.tasks()
    assert (task.receipt.id, task.kind, task.is_overdue) == (asked.id, ReceiptTaskKind.ISSUE, False)
    for wrong in ("", "12345", "12345678x", "1" * 13):
        refused = refusal(lambda wrong=wrong: service.enter_approval(WHO, asked.id, wrong))
        assert refused.code is ErrorCode.RECEIPT_APPROVAL
    shop.clock.advance(days=5)
    assert service.tasks()[0].is_overdue
    issued = service.enter_approval(WHO, asked.id, "123-456 789")
    assert (issued.state, issued.approval_no) == (S.ISSUED, "123456789")
    assert service.tasks() == ()
    again = refusal(lambda: service.enter_approval(WHO, asked.id, "123456789"))
    assert again.code is ErrorCode.RECEIPT_STATE
    (fact,) = shop.facts(order)
    assert (fact.event, fact.reference) == (LedgerEvent.CASH_RECEIPT_ISSUED, "123456789")
    shop.give_back(order)
    (task,) = service.tasks()
    assert task.kind is ReceiptTaskKind.CANCEL
    service.enter_cancel(WHO, asked.id)
    assert shop.states(order) == [S.CANCELLED]
    assert refusal(lambda: service.enter_cancel(WHO, asked.id)).code is ErrorCode.RECEIPT_STATE
    assert shop.sandbox.receipts.all() == []


def test_large_cash_without_a_channel_is_on_the_list(no_channel: ReceiptShop) -> None:
    order = no_channel.sell(46)
    no_channel.settle(10)
    (task,) = no_channel.cash_receipt_service.tasks()
    assert (task.receipt.order_id, task.receipt.purpose) == (order.id, UNNAMED)
    unknown = refusal(lambda: no_channel.cash_receipt_service.enter_cancel(WHO, 99))
    assert unknown.code is ErrorCode.RECEIPT_UNKNOWN
    unknown = refusal(lambda: no_channel.cash_receipt_service.enter_approval(WHO, 99, "123456"))
    assert unknown.code is ErrorCode.RECEIPT_UNKNOWN


# What PortOne refuses.


def test_a_refusal_is_a_persons_and_can_be_asked_for_again(shop: ReceiptShop) -> None:
    shop.sandbox.faults.conduct.change(refuse_receipt="식별번호 오류")
    order = shop.sell(1)
    asked = shop.ask(order)
    shop.settle(2)
    (refused,) = shop.receipts(order)
    assert (refused.state, refused.problem) == (S.REFUSED, ReceiptProblem.REFUSED)
    assert refused.sealed is None and "식별번호 오류" in refused.gateway_message
    (task,) = shop.cash_receipt_service.tasks()
    assert (task.kind, task.receipt.id) == (ReceiptTaskKind.ISSUE, asked.id)
    shop.sandbox.faults.clear()
    shop.ask(order)
    shop.settle(2)
    assert shop.states(order) == [S.CANCELLED, S.ISSUED]
    assert shop.cash_receipt_service.tasks() == ()
    shop.check_receipts(order)


def test_a_refused_one_is_issued_by_hand(shop: ReceiptShop) -> None:
    shop.sandbox.faults.conduct.change(receipt_contract=False)
    order = shop.sell(1)
    asked = shop.ask(order)
    shop.settle(2)
    issued = shop.cash_receipt_service.enter_approval(WHO, asked.id, "123456789")
    assert (issued.state, issued.by_hand) == (S.ISSUED, True)
    shop.settle(2)
    assert shop.sandbox.receipts.all() == []


def test_a_cancel_that_is_refused_is_made_by_hand(shop: ReceiptShop) -> None:
    order = shop.sell(1)
    asked = shop.ask(order)
    shop.work(2)
    shop.sandbox.faults.conduct.change(refuse_receipt_cancel="취소 가능 기간 경과")
    shop.give_back(order)
    shop.settle(2)
    assert shop.states(order) == [S.CANCEL_REFUSED]
    (task,) = shop.cash_receipt_service.tasks()
    assert task.kind is ReceiptTaskKind.CANCEL
    shop.sandbox.receipts.cancel(asked.own_no, console=True)
    shop.cash_receipt_service.enter_cancel(WHO, asked.id)
    shop.check_receipts(order)


def test_a_channel_of_another_company_refuses_before_anything_is_sent(
    tmp_path, sandbox, clock
) -> None:
    shop = ReceiptShop(tmp_path, sandbox, clock, receipt_channel=sandbox.channel_key)
    order = shop.sell(1)
    shop.ask(order)
    shop.settle(2)
    (refused,) = shop.receipts(order)
    assert (refused.state, refused.problem) == (S.REFUSED, ReceiptProblem.CHANNEL)
    shop.close()


# The number of the buyer.


class SilentKeyring(FakeSecrets):
    def get(self, name: str) -> str:
        if name == "receipt_key":
            raise EnvironmentProblem(EnvironmentCode.KEYRING_MISSING)
        return super().get(name)


def test_without_a_keyring_it_is_issued_online_only(tmp_path, sandbox, clock) -> None:
    vault = KeyringVault(SilentKeyring())
    shop = ReceiptShop(tmp_path, sandbox, clock, vault=vault)
    order = shop.sell(1)
    assert shop.ask(order).sealed is None
    shop.work(2)
    assert shop.states(order) == [S.ISSUED]
    second = shop.sell(1)
    sandbox.stop()
    shop.pass_time(60)
    assert refusal(lambda: shop.ask(second)).code is ErrorCode.RECEIPT_OFFLINE
    assert shop.receipts(second) == []
    sandbox.start()
    shop.close()


def test_a_number_that_is_lost_is_asked_for_again(tmp_path, sandbox, clock) -> None:
    shop = ReceiptShop(tmp_path, sandbox, clock)
    order = shop.sell(1)
    shop.ask(order)
    shop.close()
    other = ReceiptShop(tmp_path, sandbox, clock, vault=KeyringVault(FakeSecrets()))
    other.settle(2)
    (lost,) = other.receipts(order)
    assert (lost.state, lost.problem) == (S.REFUSED, ReceiptProblem.NUMBER_LOST)
    other.ask(order)
    other.settle(2)
    assert other.states(order) == [S.CANCELLED, S.ISSUED]
    other.check_receipts(order)
    other.close()


def test_the_number_is_in_no_file_and_no_log(
    shop: ReceiptShop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = f"식별번호 오류 {PHONE} {DIGITS}"
    shop.sandbox.faults.conduct.change(refuse_receipt=text)
    first = shop.sell(1)
    shop.ask(first)
    shop.settle(2)
    shop.sandbox.faults.clear()
    shop.settle(30)
    order = shop.sell(1)
    shop.ask(order)
    waiting = repr(shop.receipts(order))
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    content = b"".join(one.read_bytes() for one in files)
    shop.work(2)
    assert shop.states(order) == [S.ISSUED]
    content += b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file())
    for number in (DIGITS, PHONE, "1012345678", "1234-5678"):
        assert number.encode() not in content
        assert number not in waiting + repr(shop.receipts(order)) + caplog.text
    assert b"010-****-5678" in content


def test_a_part_of_the_sale_is_not_sent_with_the_amount_of_before(shop: ReceiptShop) -> None:
    """The guard in the transaction that sends: the cash as it is, not as it was."""
    order = shop.sell(7, rice_grams=532)
    asked = shop.ask(order)
    with shop.store.transaction() as uow:
        uow.cash_receipts.save(replace(asked, amount=asked.amount + 1_000))
        uow.commit()
    shop.settle(5)
    assert [one.amount for one in shop.sandbox.receipts.all()] == [22_260]
    shop.check_receipts(order)


def test_faults_do_not_hold_up_other_work(shop: ReceiptShop) -> None:
    shop.sandbox.faults.add("drop_before", path=PATH)
    order = shop.sell(1)
    shop.ask(order)
    shop.settle(2)
    shop.sandbox.faults.clear()
    shop.settle(30)
    assert shop.states(order) == [S.ISSUED]
    shop.check_receipts(order)
