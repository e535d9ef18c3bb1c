"""Composition of one till's services from ports. The program, the tests and the simulator share it;
only their ports differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from posapp.services.cash.cash_service import CashService
from posapp.services.cash.closing import ClosingService
from posapp.services.cash.shift_service import ShiftService
from posapp.services.cash_receipt_services import build_receipt_services
from posapp.services.cash_receipts.receipt_service import CashReceiptService
from posapp.services.gateway_services import build_gateway_services
from posapp.services.goods.product_service import ProductService
from posapp.services.importing.import_service import ImportService
from posapp.services.importing.take_back import TakeBack
from posapp.services.importing.undo_import import UndoImportService
from posapp.services.importing.unfinished_imports import UnfinishedImportJob
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.orders.order_history import OrderHistoryService
from posapp.services.orders.order_summaries import OrderSummaryService
from posapp.services.orders.sales_report import SalesReportService
from posapp.services.orders.scan_lookup import ScanLookup
from posapp.services.orders.seller_list import SellerListService
from posapp.services.orders.today_figures import TodayFiguresService
from posapp.services.orders.work_counts import WorkCountService
from posapp.services.payment_services import build_payment_service
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.payments.start_payment import PaymentService
from posapp.services.ports.fulfilment_search import FulfilmentSearch
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.order_search import OrderSearch
from posapp.services.ports.requests import RequestSearch
from posapp.services.ports.unit_of_work import Store
from posapp.services.printing.print_queue import PrintQueue
from posapp.services.reconciliation.reconcile import ReconcileJob
from posapp.services.refunds.cancel_item import CancellationService
from posapp.services.refunds.cancel_remainder import RemainderCancellationService
from posapp.services.refunds.refund_in_cash import CashInsteadService
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.refund_worker import RefundWorker
from posapp.services.refunds.trial_payment import TrialPaymentService
from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
from posapp.services.requests.buyer_lists import BuyerLists
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.requests.export_requests import RequestExportService
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import Connectivity
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import PeriodicJob
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.sale.cart_service import CartService
from posapp.services.sale.checkout import CartOrder, CheckoutService
from posapp.services.sale.expire_reservations import ReservationJob
from posapp.services.session import Session
from posapp.services.settings.setting_service import SettingService, build_setting_service
from posapp.services.staff_services import StaffServices, build_staff_services
from posapp.services.sync.sync_engine import SyncEngine
from posapp.services.sync.sync_status import SyncService
from posapp.services.till_config import TillConfig
from posapp.services.till_ports import Ports
from posapp.services.timings import TIMINGS, SyncTimings


@dataclass(frozen=True, slots=True)
class Container:
    """Services for screens, commands and the background worker.

    Attributes:
        session: who acts where a screen asks for no number.
        staff: signing in, approvals, and who is on the staff.
        export: writes the requests of the acting seller that a filter finds to a file.
        back_up_soon: has the background worker copy the database now; returns at once.
    """

    session: Session
    staff: StaffServices
    store: Store
    gateway: PaymentGateway
    gateways: Gateways
    order_search: OrderSearch
    request_search: RequestSearch
    fulfilment_search: FulfilmentSearch
    payment_service: PaymentService
    poller: AttemptPoller
    cancellation_service: CancellationService
    trial_payment_service: TrialPaymentService
    remainder_service: RemainderCancellationService
    unresolved_money_service: UnresolvedMoneyService
    cash_instead_service: CashInsteadService
    order_history_service: OrderHistoryService
    order_summary_service: OrderSummaryService
    scan_lookup: ScanLookup
    seller_list: SellerListService
    product_service: ProductService
    cart_service: CartService
    checkout_service: CheckoutService
    shift_service: ShiftService
    cash_service: CashService
    cash_receipt_service: CashReceiptService
    closing_service: ClosingService
    work_count_service: WorkCountService
    today_figures_service: TodayFiguresService
    sales_report: SalesReportService
    decision_service: RequestDecisionService
    request_service: RequestService
    buyer_lists: BuyerLists
    fulfilment_service: FulfilmentService
    export: Callable[..., int]
    import_service: ImportService
    undo_import_service: UndoImportService
    refund_protocol: RefundProtocol
    refund_worker: RefundWorker
    connectivity: Connectivity
    clock_jump: ClockJumpDetector
    status_store: SyncStatusStore
    reconcile_job: ReconcileJob
    claim_verification: ClaimVerification
    sync_service: SyncService
    sync_engine: SyncEngine
    setting_service: SettingService
    print_queue: PrintQueue
    back_up_soon: Callable[[], None]

    def close(self) -> None:
        """Close connections and the database; later use raises an error."""
        self.gateways.close()
        self.store.close()


def build_container(
    ports: Ports,
    config: TillConfig,
    *,
    jobs: Sequence[PeriodicJob] = (),
    back_up_soon: Callable[[], None] = lambda: None,
    timings: SyncTimings = TIMINGS,
    refund_protocol: type[RefundProtocol] = RefundProtocol,
) -> Container:
    """Build the services of a till; no call to PortOne and no write happens yet.

    Args:
        jobs: background jobs that maintain the database.
        back_up_soon: makes the next backup due now.
        refund_protocol: the strategy of READ_COMPARE_CANCEL; tests of a guard replace it.
    """
    store, clock, ids, wake = ports.store, ports.clock, ports.ids, ports.wake
    calls = build_gateway_services(ports, config, timings, refund_protocol)
    paying = calls.payments
    session = Session(lock_after_ms=config.lock_after_s * 1000)
    staff = build_staff_services(
        ports, config, session, lambda: paying.connectivity.online is not False
    )
    access = staff.access
    poller, gateways = paying.poller, paying.gateways
    cancellations = CancellationService(store, clock, ids, poller, wake, access)
    taking_back = TakeBack(store, clock)
    cart_order = CartOrder(access, config)
    receipts = build_receipt_services(ports, config, paying, access)

    def back_up_now() -> None:
        back_up_soon()
        wake()

    def compare_soon() -> None:
        calls.reconcile_job.request()
        wake()

    return Container(
        session=session,
        staff=staff,
        store=store,
        gateway=ports.gateway,
        gateways=gateways,
        order_search=ports.order_search,
        request_search=ports.request_search,
        fulfilment_search=ports.fulfilment_search,
        payment_service=build_payment_service(ports, config, paying, access),
        poller=poller,
        cancellation_service=cancellations,
        trial_payment_service=TrialPaymentService(
            store, clock, access, cancellations, is_offered=not config.practice
        ),
        remainder_service=RemainderCancellationService(store, clock, ids, wake, access),
        unresolved_money_service=UnresolvedMoneyService(
            store, gateways, clock, calls.refund_completion, wake, access
        ),
        cash_instead_service=CashInsteadService(store, gateways, clock, wake, access),
        order_history_service=OrderHistoryService(store, config.shop_details),
        order_summary_service=OrderSummaryService(store),
        scan_lookup=ScanLookup(store),
        seller_list=SellerListService(store),
        product_service=ProductService(store, access),
        cart_service=CartService(store, clock, access, config.sale),
        checkout_service=CheckoutService(store, clock, cart_order),
        shift_service=ShiftService(store, clock, access, config.sale),
        closing_service=ClosingService(
            *(store, clock, access, config.shop_name, compare_soon),
            is_test=not config.live,
            is_blind=config.sale.blind_count,
        ),
        cash_service=CashService(store, clock, access, config, cart_order, poller, wake),
        cash_receipt_service=receipts.service,
        work_count_service=WorkCountService(store, clock),
        today_figures_service=TodayFiguresService(store, clock, access),
        sales_report=SalesReportService(store, access),
        decision_service=RequestDecisionService(store, clock, ids, wake, access),
        request_service=RequestService(store, clock, access),
        buyer_lists=BuyerLists(store, ports.buyer_search),
        fulfilment_service=FulfilmentService(store, clock, access),
        export=RequestExportService(store, ports.request_search, access).export,
        import_service=ImportService(store, clock, access, taking_back, layouts=ports.layouts),
        undo_import_service=UndoImportService(store, clock, access, taking_back),
        refund_protocol=calls.refund_protocol,
        refund_worker=calls.refund_worker,
        connectivity=paying.connectivity,
        clock_jump=paying.clock_jump,
        status_store=ports.status_store,
        reconcile_job=calls.reconcile_job,
        claim_verification=calls.claim_verification,
        sync_service=SyncService(
            store, ports.status_store, clock, wake, calls.reconcile_job.request_full, access
        ),
        setting_service=build_setting_service(ports.settings, store, clock, access),
        print_queue=PrintQueue(store, clock),
        back_up_soon=back_up_now,
        sync_engine=SyncEngine(
            store,
            clock,
            poller,
            calls.refund_worker,
            paying.connectivity,
            ports.pool,
            ports.status_store,
            paying.clock_jump,
            calls.reconcile_job,
            (
                *jobs,
                UnfinishedImportJob(taking_back, clock),
                ReservationJob(store, clock, config.sale.reserve_minutes),
                *calls.jobs,
                receipts.job,
            ),
        ),
    )
