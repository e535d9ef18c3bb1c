"""The tree of errors.

``PosappError``
├── ``UserError``           an action is refused: a code and parameters
├── ``EnvironmentProblem``  disk, lock, keyring or settings: a code, and advice by code
├── ``GatewayError``        PortOne refused, or its answer cannot be trusted
├── ``IllegalTransition``   a state machine has no such transition
└── ``InvalidAmount``       a value that is not an amount of won

The domain raises codes; ``posapp.ui.core.i18n`` makes the messages. Any exception outside this tree
is a bug.
"""

from __future__ import annotations

from enum import StrEnum


class PosappError(Exception):
    """Root of all exceptions that this program raises on purpose."""


class ErrorCode(StrEnum):
    """Reason why an action is refused; the values are the codes of docs/specification.md 2.2, 3, 4,
    5."""

    USER_UNKNOWN = "user404"
    ORDER_UNKNOWN = "order404"
    ORDER_OF_ANOTHER = "order406"
    ORDER_ZERO = "order409_1"
    ORDER_DONE = "order409_2"
    ITEM_UNKNOWN = "orderItem404"
    ITEM_OF_ANOTHER = "orderItem406"
    ITEM_CANCELLED = "orderItem409_1"
    ITEM_SHIPPING = "orderItem409_2"
    ITEM_DELIVERED = "orderItem409_3"
    NOT_A_SELLER = "seller406"
    OUT_OF_STOCK = "stock409"
    CODE_CHECK_DIGIT = "code400_1"
    CODE_FORM = "code400_2"
    CODE_TAKEN = "code409"
    PRODUCT_UNKNOWN = "product404"
    PRODUCT_OF_ANOTHER = "product406"
    PRODUCT_NAME = "product400_1"
    PRODUCT_PRICE = "product400_2"
    PRODUCT_STOCK = "product400_3"
    PRODUCT_PLU = "product400_4"
    PRODUCT_PACK = "product400_5"
    PRODUCT_COLOUR = "product400_6"
    PRODUCT_PARENT = "product409_1"
    PLU_TAKEN = "product409_2"
    PICTURE_LARGE = "picture400_1"
    PICTURE_KIND = "picture400_2"
    PICTURE_BROKEN = "picture400_3"
    PICTURE_UNREADABLE = "picture400_4"
    OPTION_UNKNOWN = "option404"
    OPTIONS_FEW = "option400_1"
    OPTIONS_MANY = "option400_2"
    OPTION_PRICE = "option400_3"
    OPTION_COUNTS = "option400_4"
    DISCOUNT_VALUE = "discount400"
    DISCOUNT_ABOVE = "discount409"
    CART_COUNT = "cart400_1"
    CART_AMOUNT = "cart400_2"
    CART_WEIGHT = "cart400_3"
    CART_FULL = "cart409_1"
    CART_EMPTY = "cart409_2"
    CART_LINE_UNKNOWN = "cart404_1"
    CART_UNKNOWN = "cart404_2"
    CART_HOLDS_FULL = "cart409_3"
    CART_OPEN = "cart409_4"
    CART_CODES = "cart409_5"
    CART_CHANGED = "cart409_6"
    PRODUCT_NOT_ON_SALE = "product409_3"
    NO_SHIFT = "shift409_1"
    SHIFT_OPEN = "shift409_2"
    SHIFT_DATE = "shift409_3"
    SHIFT_BLOCKED = "shift409_4"
    CASH_COUNT = "cash400_3"
    COUNT_DIFFERS = "cash409_10"
    CASH_AMOUNT = "cash400_1"
    CASH_REASON = "cash400_2"
    CASH_SHORT = "cash409_1"
    CASH_DUE_CHANGED = "cash409_2"
    CASH_HELD = "cash409_3"
    CASH_NOT_HELD = "cash409_4"
    CASH_TENDERS = "cash409_5"
    DRAWER_SHORT = "cash409_6"
    REFUND_AT_COUNTER = "cash409_7"
    CASH_REFUND_UNKNOWN = "cash404"
    CASH_REFUND_WAITS = "cash409_8"
    NOT_OF_COUNTER = "cash409_9"
    REFUND_AMOUNT_DIFFERS = "refund409_1"
    REFUND_IN_FLIGHT = "refund409_2"
    REFUND_UNKNOWN = "refund404"
    CASH_NOT_OFFERED = "refund409_10"
    PAID_MEANWHILE = "orderItem409_4"
    NOT_PAID_YET = "orderItem409_5"
    PAYMENT_UNKNOWN = "payment404"
    CLAIM_WAITING = "payment409_1"
    ATTEMPT_IN_PROGRESS = "attempt409_1"
    ATTEMPT_ENDED = "attempt409_2"
    ATTEMPT_UNKNOWN = "attempt404"
    REQUEST_UNKNOWN = "request404"
    REQUEST_NONE_WAITING = "request404_1"
    REQUEST_OF_ANOTHER = "request406"
    REQUEST_DONE = "request409_1"
    REQUEST_ITEM_STATE = "request409_2"
    REQUEST_SENT = "request409_3"
    REQUEST_REFUND_WAITING = "request409_4"
    REQUEST_EXCHANGE_WAITING = "request409_5"
    UNDO_OVER = "request409_6"
    REASON_REQUIRED = "request400_1"
    NOTE_REQUIRED = "request400_2"
    REFUND_BEYOND = "refund409_3"
    REFUND_NOT_WAITING = "refund409_4"
    REFUND_OWN_APPROVAL = "refund409_5"
    REST_NOT_OFFERED = "refund409_6"
    PART_COUNT = "refund400_1"
    PART_OF_PART = "refund409_7"
    PART_REFUSED = "refund409_8"
    PIECES_CHANGED = "refund409_9"
    ITEM_STEP = "orderItem409_6"
    STEP_UNDO_OVER = "orderItem409_7"
    FILE_BEHIND = "compare409_1"
    MONEY_IN_DOUBT = "compare409_2"
    MISMATCH_UNKNOWN = "mismatch404"
    EXPLANATION_REQUIRED = "mismatch400_1"
    EXPLAINED_AMOUNT_DIFFERS = "mismatch409_1"
    BAD_ID = "id400"
    AMOUNT_LIMIT = "amount400"
    IMPORT_UNKNOWN = "import404"
    IMPORT_UNDONE = "import409_1"
    IMPORT_TOUCHED = "import409_2"
    IMPORT_CHANGED_SINCE = "import409_3"
    NOT_PERMITTED = "permission403"
    PIN_WRONG = "pin401_1"
    PIN_WRONG_LEFT = "pin401_3"
    PIN_DELAY = "pin429"
    PIN_LOCKED = "pin423"
    PIN_UNSET = "pin401_2"
    PIN_FORM = "pin400_1"
    PIN_WEAK = "pin400_2"
    PIN_USED = "pin400_3"
    PIN_REQUIRED = "approval401"
    APPROVAL_REQUIRED = "approval403_1"
    MANAGER_REQUIRED = "approval403_2"
    APPROVER_WITHOUT_RIGHT = "approval403_3"
    STAFF_UNKNOWN = "staff404"
    STAFF_NAME = "staff400_1"
    STAFF_NAME_TAKEN = "staff409_1"
    STAFF_LAST_MANAGER = "staff409_2"
    STAFF_FIRST_MANAGER = "staff409_3"
    STAFF_SELLER = "staff400_2"
    RECOVERY_CODE = "staff401"
    OWN_PIN_REQUIRED = "staff401_1"
    SETTING_VALUE = "setting400"
    SETTING_FIXED = "setting409"
    SETUP_ANSWER = "setup400"
    SETUP_CHANNEL = "setup404"
    SETUP_CLOCK = "setup409_1"
    SETUP_CHANNEL_TEST = "setup409_2"
    SETUP_CHANNEL_LIVE = "setup409_3"
    SETUP_RECOVERY = "setup409_4"
    RECEIPT_NUMBER = "receipt400_1"
    RECEIPT_RESIDENT = "receipt400_2"
    RECEIPT_APPROVAL = "receipt400_3"
    RECEIPT_UNKNOWN = "receipt404"
    RECEIPT_NO_CASH = "receipt409_1"
    RECEIPT_EXISTS = "receipt409_2"
    RECEIPT_STATE = "receipt409_3"
    RECEIPT_OFFLINE = "receipt409_4"


class UserError(PosappError):
    """An action is refused; ``code`` names the message and ``parameters`` fill it."""

    def __init__(self, code: ErrorCode, **parameters: str | int) -> None:
        super().__init__(code.value, parameters)
        self.code = code
        self.parameters = parameters


class EnvironmentCode(StrEnum):
    """Problem outside the program; each has advice in the text catalogue."""

    DISK_FULL = "disk_full"
    READ_ONLY = "read_only"
    DATABASE_BUSY = "database_busy"
    DATABASE_CORRUPT = "database_corrupt"
    DATABASE_NEWER = "database_newer"
    DATABASE_IO = "database_io"
    DATABASE_IN_USE = "database_in_use"
    DATABASE_OTHER_MODE = "database_other_mode"
    DATABASE_OTHER_TILL = "database_other_till"
    DATABASE_PLACE = "database_place"
    DATABASE_MOVED = "database_moved"
    SHOP_NOT_SET_UP = "shop_not_set_up"
    SQLITE_TOO_OLD = "sqlite_too_old"
    KEYRING_MISSING = "keyring_missing"
    KEYRING_SILENT = "keyring_silent"
    SECRET_MISSING = "secret_missing"  # noqa: S105 - a code, not a secret
    SETTINGS_BAD = "settings_bad"
    FILE_UNREADABLE = "file_unreadable"
    PRINTER = "printer"
    PRINTER_AWAY = "printer_away"
    PRINTER_OFFLINE = "printer_offline"
    PRINTER_PAPER = "printer_paper"
    PRINTER_COVER = "printer_cover"
    PRINTER_CUTTER = "printer_cutter"
    PRINTER_STRANGE = "printer_strange"
    PRINTER_HALTED = "printer_halted"
    PRINTER_QUEUE = "printer_queue"
    PRINTER_SERIAL = "printer_serial"


class EnvironmentProblem(PosappError):
    """The environment does not allow the action; nothing was changed."""

    def __init__(self, code: EnvironmentCode, detail: str = "") -> None:
        super().__init__(code.value, detail)
        self.code = code
        self.detail = detail


class GatewayOutcome(StrEnum):
    """What is known after a call to PortOne; a result that is on no list is ``UNKNOWN``."""

    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    RETRY_SAFE = "RETRY_SAFE"
    UNKNOWN = "UNKNOWN"


class GatewayCause(StrEnum):
    """Cause of a call without a trustworthy success. It selects the message and never decides about
    money.

    ``ACCOUNT``: the keys open another shop's account.
    ``BALANCE``: PortOne holds less of the payment than was read before the send.
    ``PARTIAL``: KakaoPay accepts no further partial cancel of this payment; one cancel of all that
    is left is still possible.
    ``LIMIT``: KakaoPay cancels nothing of this payment any more, as its time or its number of
    cancels is used up.
    """

    OFFLINE = "offline"
    TIMEOUT = "timeout"
    PORTAL = "portal"
    TLS = "tls"
    CLOCK = "clock"
    GARBAGE = "garbage"
    SERVER = "server"
    BUSY = "busy"
    UNAUTHORIZED = "unauthorized"
    REFUSED = "refused"
    BALANCE = "balance"
    PARTIAL = "partial"
    LIMIT = "limit"
    NOT_FOUND = "not_found"
    SETTINGS = "settings"
    ACCOUNT = "account"


class GatewayError(PosappError):
    """PortOne refused, or the result is unknown.

    Attributes:
        outcome: never ``CONFIRMED``. ``RETRY_SAFE`` means that nothing was carried out.
        cause: selects the text on screen.
        code: the envelope's code or the HTTP status, if there was one.
        text: PortOne's own message, unchanged except for its length; shown as plain text only.
        retry_after: seconds that PortOne asked to wait, already capped, or ``None``.
    """

    def __init__(
        self,
        outcome: GatewayOutcome,
        cause: GatewayCause,
        *,
        code: int | None = None,
        text: str = "",
        retry_after: int | None = None,
    ) -> None:
        if outcome is GatewayOutcome.CONFIRMED:
            raise ValueError("an error is no confirmation")
        super().__init__(outcome.value, cause.value, code, text)
        self.outcome = outcome
        self.cause = cause
        self.code = code
        self.text = text
        self.retry_after = retry_after


class IllegalTransition(PosappError):
    """A state machine has no such transition; the state is unchanged."""

    def __init__(self, machine: str, state: str, trigger: str) -> None:
        super().__init__(f"{machine}: {trigger} is not allowed in {state}")
        self.machine = machine
        self.state = state
        self.trigger = trigger


class InvalidAmount(PosappError):
    """A value that is not an amount of won was used as one."""

    def __init__(self, value: object) -> None:
        super().__init__(f"not an amount of won: {value!r}"[:200])
