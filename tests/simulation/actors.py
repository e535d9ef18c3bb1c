"""Actors of a simulated day: cashiers at several windows, sellers at the desk, buyers with phones,
and a person at PortOne's console.

Each actor draws the next action, carries it out with the real services, and pauses. A refusal by
the services or the network is part of the day; any other exception is a bug.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentProblem, GatewayError, PosappError, UserError
from posapp.domain.orders import OrderItem, Pieces
from posapp.domain.requests import Decision, RequestKind
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.sandbox.envelopes import ApiRefusal
from posapp.sandbox.link_access import PaymentNotAllowed
from posapp.services.payments.payment_progress import FINAL_PHASES
from tests.fakes.actors import STAFF
from tests.simulation.files import FIRST_ORDER
from tests.simulation.receipt_people import NUMBERS, do_receipt_tasks
from tests.simulation.shop import KEPT_ORDERS, REFUSED_FOR_GOOD

if TYPE_CHECKING:
    from tests.simulation.scenario_week import ScenarioWeek

PAID = "i.status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')"
FRESH = "NOT EXISTS (SELECT 1 FROM refunds r WHERE r.item_id = i.id AND r.state <> 'REFUSED')"

BUYERS = {
    "pay": 58,
    "fail_then_pay": 6,
    "leave": 6,
    "fail": 6,
    "close": 5,
    "pay_late": 8,
    "pay_twice": 6,
    "pay_other": 5,
}
"""Kinds of buyers and their share of 100."""

ACTIONS = {
    "sell": 34,
    "refund": 14,
    "refund_several": 4,
    "cancel_unpaid": 6,
    "deliver": 14,
    "hand_over": 8,
    "ask": 8,
    "withdraw": 2,
    "decide": 10,
    "undo": 2,
    "open_money": 3,
}
"""Actions at a window and their share of about 100."""


WHOLE = """i.part_of IS NULL AND NOT EXISTS (SELECT 1 FROM requests q
  WHERE q.item_id = i.id AND q.kind = 'EXCHANGE' AND q.state = 'OK')"""
"""No part of another item; and none that was exchanged: how many pieces were, no record says."""

PIECES = 0.3
"""Share of the refunds that are of some pieces of an item."""

CASH = 0.4
"""Share of the counter's sales that begin with cash."""

SLIPS = 0.1
"""Share of the steps of a delivery that were a slip of the hand."""

EVENTFUL = {**ACTIONS, "explain": 3, "ring_up": 10}


class Window:
    """One screen of the program and its user, for as long as the shop is open."""

    def __init__(self, week: ScenarioWeek, name: str, closes: int) -> None:
        self._week, self._name, self._closes = week, name, closes
        self._scheduler, self._program = week.scheduler, week.program
        self._actions = EVENTFUL if week.pace.eventful else ACTIONS
        self._chance = random.Random(f"{week.seed}/{name}/{week.scheduler.now}")
        # Of its own, so that the days of a seed stay what they were.
        self._slips = random.Random(f"{week.seed}/{name}/{week.scheduler.now}/slips")
        self._pieces = random.Random(f"{week.seed}/{name}/{week.scheduler.now}/pieces")
        self._cash = random.Random(f"{week.seed}/{name}/{week.scheduler.now}/cash")
        self._receipts = random.Random(f"{week.seed}/{name}/{week.scheduler.now}/receipts")

    def run(self) -> None:
        """Act until the shop closes or the power fails."""
        while self._scheduler.now < self._closes:
            self._scheduler.pause(self._chance.expovariate(1 / 110))
            (name,) = self._chance.choices(list(self._actions), list(self._actions.values()))
            self._do(name)
            if self._chance.random() < 0.03:
                self._do(name)  # a second press

    def _do(self, name: str) -> None:
        self._week.actions += 1
        self._behind = self._week.witness.waits
        try:
            reported = getattr(self, name)()
        except (UserError, GatewayError, EnvironmentProblem) as error:
            reported = error.args[:2]
        self._week.say(self._name, name, reported)

    def _pick(self, question: str, *values: object) -> tuple | None:
        """Draw a row, more often one of the first."""
        found = self._week.query(question, *values)
        return found[int(len(found) * self._chance.random() ** 2)] if found else None

    # Selling.

    def sell(self) -> object:
        """Start a payment, send a buyer and poll the progress; sometimes abandon the attempt."""
        row = self._pick(
            "SELECT id, buyer_id FROM orders WHERE is_open AND (id <= ? OR id >= ?)"
            " ORDER BY counter DESC, id",
            self._week.orders,
            FIRST_ORDER,
        )
        if row is None:
            return None
        progress = self._program.till.payment_service.start(Actor.buyer(row[1]), row[0])
        attempt = progress.attempt
        link_id = attempt.link_url.rpartition("/")[2]
        (kind,) = self._chance.choices(list(BUYERS), list(BUYERS.values()))
        Buyer(self._week, kind, attempt.merchant_uid, link_id).come()
        patience = self._chance.choice((0, 20, 60, 120, 330))
        gives_up = self._chance.random() < 0.15
        until = self._scheduler.now + patience * 1_000_000
        while self._scheduler.now < until and progress.phase not in FINAL_PHASES:
            self._scheduler.pause(self._week.pace.glance / 1000)
            progress = self._program.till.payment_service.get_progress(attempt.id)
        if gives_up and progress.phase not in FINAL_PHASES:
            progress = self._program.till.payment_service.abandon(Actor.person(), attempt.id)
        return row[0], kind, progress.phase

    def ring_up(self) -> object:
        """Sell from the open cart, which another window may fill at the same time."""
        carts, chance = self._program.till.cart_service, self._chance
        (product,) = chance.choice(self._week.query("SELECT id FROM products ORDER BY id LIMIT 40"))
        view = carts.add(STAFF, product, count=chance.randint(1, 3))
        if chance.random() < 0.3:
            percent = Discount(DiscountKind.PERCENT, chance.choice((5, 10, 30)), "단골")
            view = carts.discount_sale(STAFF, percent)
        if chance.random() < 0.3:
            self._scheduler.pause(chance.uniform(1, 20))
        if self._cash.random() < CASH:
            return self._take_cash(int(view.amounts.payable))
        made = self._program.till.checkout_service.order(STAFF, int(view.amounts.payable))
        return made.id, made.total

    def _take_cash(self, due: int) -> object:
        """Take cash for the open cart, all of it or a first part; before that, end what waits: the
        rest of another sale, cash of refunds, and refunds that KakaoPay refused for good."""
        till, chance = self._program.till, self._cash
        if till.shift_service.read() is None:
            till.shift_service.open_shift(STAFF, 50_000, is_sure=True)
        for number, won, seller in self._week.query(REFUSED_FOR_GOOD):
            with suppress(UserError, GatewayError):
                till.cash_instead_service.move(Actor.seller(seller), number, won)
        waiting = till.cash_service.open_cash()
        for refund in waiting.to_hand_out:
            till.cash_service.hand_out(STAFF, refund.id)
        for held in waiting.held[:1]:
            if chance.random() < 0.5:
                till.cash_service.take(STAFF, held.order.id, int(held.rest), int(held.rest))
            elif chance.random() < 0.5:
                till.cash_service.give_back(STAFF, held.order.id, int(held.amount))
        received = chance.choice((due, due + 7_000, due // 2, due // 3))
        taken = till.cash_service.sell(STAFF, due, received, rest_by_qr=True)
        asked = self._ask_receipt(taken.order.id) if not taken.rest else None
        return taken.order.id, taken.tender.amount, taken.rest, asked

    def _ask_receipt(self, order_id: int) -> object:
        """Ask for a cash receipt of a sale, as most buyers do; now and then for
        another one of an earlier sale, do what waits for a person, or look at the shift."""
        till, chance = self._program.till, self._receipts
        if chance.random() < 0.1:
            till.closing_service.x_report(STAFF)
        if chance.random() < 0.2:
            do_receipt_tasks(till, self._week.sandbox)
        if chance.random() < 0.2:
            orders = self._week.query(KEPT_ORDERS)
            order_id = chance.choice(orders)[0] if orders else order_id
        if chance.random() < 0.2:
            return None
        purpose = chance.choice(list(NUMBERS))
        return till.cash_receipt_service.request(STAFF, order_id, purpose, NUMBERS[purpose]).own_no

    def cancel_unpaid(self) -> object:
        """Cancel an item that waits for payment (주문취소)."""
        row = self._pick(
            "SELECT id, buyer_id, seller_id FROM order_items i"
            " WHERE status = 'WAITING_FOR_PAYMENT' AND order_id <= ? ORDER BY id",
            self._week.orders,
        )
        if row is None or self._chance.random() < 0.5:
            return None
        actor = self._cancelling(row)
        cancelled = self._program.till.cancellation_service.cancel(actor, row[0], "")
        self._week.witness.cancelled(cancelled.order_id, behind=self._behind)
        return cancelled.id

    def refund(self, most: int = 1) -> object:
        """Refund a paid item (결제취소), or some of its pieces; sometimes one whose refund is
        already open."""
        fresh = "" if self._chance.random() < 0.1 else f" AND {FRESH}"
        first = self._pick(
            f"SELECT id, order_id FROM order_items i WHERE {PAID}{fresh} ORDER BY id"
        )
        if first is None:
            return None
        rows = self._week.query(
            f"SELECT id, buyer_id, seller_id, price, count, {WHOLE}, discount FROM order_items i"
            f" WHERE {PAID} AND order_id = ? ORDER BY id < ?, id",
            first[1],
            first[0],
        )
        requested = []
        for row in rows[:most]:
            actor = self._cancelling(row)
            price, count, is_whole, off = row[3:]
            pieces = count
            if is_whole and count > 1 and self._pieces.random() < PIECES:
                pieces = self._pieces.randint(1, count - 1)
            try:
                refund = self._program.till.cancellation_service.refund(
                    actor,
                    row[0],
                    "변심",
                    price * pieces - off * pieces // count,
                    Pieces(pieces, count),
                )
                requested.append(refund.tag)
            except PosappError as error:
                requested.append(str(error.args[0]))
        return requested

    def refund_several(self) -> object:
        return self.refund(self._chance.randint(2, 6))

    # Goods, and the request desk.

    def deliver(self) -> object:
        row = self._pick(
            "SELECT id, seller_id FROM order_items i WHERE status IN"
            " ('COMPLETE_PAYMENT', 'WAITING_FOR_DELIVERY', 'SHIPPING') ORDER BY id"
        )
        return row and self._gone(
            self._program.fulfilment_service.advance(Actor.seller(row[1]), row[0])
        )

    def hand_over(self) -> object:
        row = self._pick(
            "SELECT id, seller_id FROM order_items i WHERE status = 'COMPLETE_PAYMENT' ORDER BY id"
        )
        return row and self._gone(
            self._program.fulfilment_service.hand_over(Actor.seller(row[1]), row[0])
        )

    def _gone(self, item: OrderItem) -> object:
        """Let the goods go, and sometimes undo that step at once or some seconds later."""
        self._week.witness.handed_over(item, behind=self._behind)
        if self._slips.random() >= SLIPS:
            return item.status
        self._scheduler.pause(self._slips.uniform(0, 6))
        seller = Actor.seller(item.seller_id)
        undone = self._program.fulfilment_service.undo_step(seller, item.id)
        self._week.witness.taken_back(undone)
        return item.status, undone.status

    def ask(self) -> object:
        """Create a buyer's request for an exchange or a refund."""
        row = self._pick(
            "SELECT id, buyer_id FROM order_items i WHERE status = 'DELIVERY_COMPLETE' ORDER BY id"
        )
        kind = self._chance.choice((RequestKind.REFUND, RequestKind.REFUND, RequestKind.EXCHANGE))
        if row is None:
            return None
        buyer = Actor.buyer(row[1])
        return self._program.request_service.create(buyer, row[0], kind, "안 맞아요").id

    def withdraw(self) -> object:
        row = self._pick("SELECT buyer_id, item_id FROM requests WHERE state = 'WAIT' ORDER BY id")
        if row is None:
            return None
        return self._program.request_service.withdraw(Actor.buyer(row[0]), row[1]).id

    def decide(self) -> object:
        """Decide one or several requests, with a network or without."""
        row = self._pick("SELECT seller_id FROM requests WHERE state = 'WAIT' ORDER BY id")
        if row is None:
            return None
        waiting = self._week.query(
            "SELECT id FROM requests WHERE state = 'WAIT' AND seller_id = ? ORDER BY id", row[0]
        )
        ids = [one for (one,) in waiting[: self._chance.choice((1, 1, 5))]]
        yes = self._chance.random() < 0.75
        decision = Decision.APPROVE if yes else Decision.REJECT
        results = self._program.decision_service.decide_many(
            Actor.seller(row[0]), ids, decision, "네"
        )
        done = [one.request_id for one in results if one.error is None]
        self._week.witness.decided(done, behind=self._behind)
        return decision, done

    def undo(self) -> object:
        row = self._pick(
            "SELECT seller_id, id FROM requests WHERE processed_at IS NOT NULL"
            " ORDER BY processed_at DESC, id LIMIT 3"
        )
        if row is None:
            return None
        return self._program.decision_service.undo(Actor.seller(row[0]), row[1]).id

    def open_money(self) -> object:
        """Retry a refund of the list of unresolved money, or assign a cancel."""
        till = self._program.till
        row = self._pick(
            "SELECT id, tag, imp_uid, state, item_id FROM refunds"
            " WHERE state NOT IN ('CONFIRMED', 'REFUSED') ORDER BY id"
        )
        if row is None:
            return None
        refund, tag, imp_uid, state, item = row
        if state != "NEEDS_PERSON" or self._chance.random() < 0.5:
            till.unresolved_money_service.retry(STAFF, refund)
            return "try again", tag
        payment = self._week.books.payment(imp_uid)
        self._week.truth.answered.add(imp_uid)
        return tag, till.unresolved_money_service.assign_cancellation(
            STAFF, refund, self._week.truth.is_refund(payment, item, tag)
        )

    def explain(self) -> object:
        """Explain a mismatch."""
        row = self._pick(
            "SELECT id, kind, merchant_uid, imp_uid, amount FROM mismatches"
            " WHERE settled_at IS NULL ORDER BY id"
        )
        if row is None:
            return None
        self._week.truth.explained.add(row[1:4])
        self._program.till.unresolved_money_service.close_mismatch(
            STAFF, row[0], "콘솔에서 처리함", row[4]
        )
        return row[1:]

    def _cancelling(self, row: tuple) -> Actor:
        return Actor.buyer(row[1]) if self._chance.random() < 0.5 else Actor.seller(row[2])


class Buyer:
    """A buyer with a phone in front of one QR; independent of the program, so no crash ends it."""

    def __init__(self, week: ScenarioWeek, kind: str, number: str, link_id: str) -> None:
        self._week, self._kind, self._number, self._link = week, kind, number, link_id
        self._chance = random.Random(f"{week.seed}/{number}/{week.scheduler.now}")

    def come(self) -> None:
        self._week.scheduler.spawn(f"buyer {self._kind}", self._act)

    def _act(self) -> None:
        try:
            self._behave()
        except PaymentNotAllowed as why:
            self._week.say("buyer", self._kind, self._number, why)
        else:
            self._week.say("buyer", self._kind, self._number)

    def _behave(self) -> None:
        books, chance, pause = self._week.books, self._chance, self._week.scheduler.pause
        if self._kind == "leave":
            return
        pause(chance.uniform(2, 30))
        inside = books.open_link(self._link)
        pause(chance.uniform(2, 50))
        if self._kind == "pay":
            books.pay_try(inside.imp_uid)
        elif self._kind == "pay_other":
            other = inside.amount + chance.choice((-100, 100, 1000))
            books.pay_try(inside.imp_uid, other or 200)
        elif self._kind == "pay_late":
            end = books.link(self._link).ends_at
            pause(max(0, end - books.now()) + chance.choice((1, 45, 65, 400, 890)))
            books.pay_try(inside.imp_uid)
        elif self._kind == "pay_twice":
            second = books.open_link(self._link, again=True)
            books.pay_try(inside.imp_uid)
            pause(chance.choice((0, 1, 10, 200, 700)))
            books.pay_try(second.imp_uid)
        elif self._kind == "close":
            books.close_page(self._number)
        else:
            books.fail(self._number)
            if self._kind == "fail_then_pay":
                pause(chance.uniform(1, 40))
                books.pay_try(books.open_link(self._link).imp_uid)


def at_the_console(week: ScenarioWeek, pauses: Callable[[], float]) -> None:
    """Cancel payments in PortOne's console, whole or in part, for the whole day."""
    chance = random.Random(f"{week.seed}/console/{week.scheduler.now}")
    while True:
        week.scheduler.pause(pauses())
        if week.pace.eventful and chance.random() < 0.4 and _aimed(week, chance):
            continue
        paid = [each for each in week.books.payments() if each.balance > 0]
        if not paid:
            continue
        one = chance.choice(paid[-20:])
        won = chance.choice((None, 1000, 2000, 3000, 500))
        try:
            week.books.console_cancel(one.imp_uid, won)
        except ApiRefusal:
            continue
        week.say("console", one.imp_uid, won)


def _aimed(week: ScenarioWeek, chance: random.Random) -> bool:
    """Cancel in the console where it conflicts most: the money of an item whose refund waits, a
    part of money whose full refund is open, or all of an order whose goods are about to leave."""
    kind = chance.choice(("waiting item", "on its way back", "about to leave"))
    rows = week.query(AIMS[kind])
    if not rows:
        return False
    imp_uid, item, won = chance.choice(rows)
    if kind == "on its way back":
        won = chance.choice((500, 1000))
    try:
        payment = week.books.console_cancel(imp_uid, won)
    except ApiRefusal:
        return False
    if item is not None:
        line = payment.cancellations[-1].cancellation_id
        week.truth.console_meant(line, item, week.scheduler.now)
    week.say("console", kind, imp_uid, won)
    return True


AIMS = {
    "waiting item": "SELECT imp_uid, item_id, amount FROM refunds WHERE item_id IS NOT NULL"
    " AND state IN ('APPROVED', 'SENDING', 'UNKNOWN', 'NEEDS_PERSON') ORDER BY id",
    "on its way back": "SELECT imp_uid, NULL, amount FROM refunds WHERE item_id IS NULL"
    " AND state IN ('APPROVED', 'SENDING', 'UNKNOWN', 'NEEDS_PERSON') ORDER BY id",
    "about to leave": "SELECT p.imp_uid, NULL, NULL FROM payments p JOIN order_items i"
    " ON i.order_id = p.order_id WHERE p.standing = 'ACCEPTED' AND i.status IN"
    " ('COMPLETE_PAYMENT', 'WAITING_FOR_DELIVERY', 'SHIPPING') ORDER BY p.id DESC LIMIT 5",
}
"""Payment, item and amount that the person at the console may cancel."""
