"""The one list of all settings of a shop.

The settings file, environment variables, options, the command ``posapp settings``, the page of the
settings and the table in docs/settings.md are made of it. A setting has the same name everywhere:
``shop_name`` in the file is ``POSAPP_SHOP_NAME`` in the environment and ``--shop-name`` on the
command line. Its texts are ``settings.name_…`` and ``settings.about_…`` of the catalogues.
"""

from __future__ import annotations

# ruff: noqa: RUF009 - decided: each default stands beside its kind, in one list
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

from posapp.domain.hosts import PUBLISHED, is_published
from posapp.domain.modes import Mode
from posapp.domain.receipt_identity import UNNAMED_NUMBER
from posapp.domain.roll_letters import COLUMNS, Hangul
from posapp.domain.setting_kinds import (
    AddressKind,
    BusinessNumberKind,
    CallAddressKind,
    ChoiceKind,
    HostsKind,
    Kind,
    KioskKeysKind,
    LabelPatternsKind,
    MobileNumberKind,
    NumberKind,
    PrinterKind,
    ScanPrefixKind,
    SecretKind,
    SignalKind,
    TextKind,
    Unit,
)
from posapp.domain.shop_details import TAX_TYPES
from posapp.domain.vat import KakaoPayTax

T = TypeVar("T")

_ENTRY = "setting"


class SettingGroup(StrEnum):
    """Group of settings, in the order of the settings page."""

    SHOP = "shop"
    PAYMENT = "payment"
    SALE = "sale"
    STAFF = "staff"
    KIOSK = "kiosk"
    DISPLAY = "display"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class _Entry:
    """What the list says about a field of ``Settings``."""

    kind: Kind
    group: SettingGroup
    needs_restart: bool
    is_fixed: bool


def _setting(
    default: T, kind: Kind, group: SettingGroup, *, live: bool = False, fixed: bool = False
) -> T:
    """Declare a setting; the field's name is its name.

    Args:
        live: a change takes effect at once, without a restart.
        fixed: chosen at set-up; the settings page only shows it.
    """
    entry = _Entry(kind, group, needs_restart=not live, is_fixed=fixed)
    return field(default=default, metadata={_ENTRY: entry})


_G = SettingGroup
_MS = Unit.MILLISECONDS
_COLUMNS = tuple(map(str, COLUMNS))
_LIMIT = NumberKind(0, 1_000_000_000, Unit.WON)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings that are no secret; the values here are the defaults.

    Attributes:
        mode: the till's mode; ``None`` if it is not set, and then no till is opened.
        business_number: ``123-45-67891``, or empty.
        tax_type: ``general`` (일반과세자), ``simplified`` (간이과세자) or ``exempt`` (면세사업자).
        tax_invoices: ``yes``: a 간이과세자 writes tax invoices, and names the tax on receipts.
        kakaopay_tax: the shop's contract with KakaoPay: ``taxable`` (과세), ``exempt`` (면세) or
            ``mixed`` (복합과세: each payment says how much of it is free of tax).
        link_hosts: allowed hosts of a payment link (see ``portone.settings``).
        link_seconds: how long a QR is valid.
        poll_ms, poll_opened_ms, connect_ms, read_ms, total_ms, keyring_ms: milliseconds.
        scan_gap_ms: maximum milliseconds between two key presses of a scanner. Keys that could
            trigger something wait as long; more is for slow scanners only.
        scan_prefix: what the scanner sends before each code: a punctuation mark that nobody types,
            ``AIM`` for the AIM symbology identifier (``]C1``), or empty.
        refund_without_pin, refund_with_pin, refund_second_person, refund_day: limits of refunds in
            won (``domain.refund_limits``).
        printer: name of the printer; empty for the system's default one.
        pdf_paper: paper of PDFs: ``a4``, or as wide as a roll of 80 or 58 millimetres.
        receipt_printer: where the receipt printer is (``setting_kinds.PrinterKind``); empty: papers
            go to ``printer``.
        receipt_columns: cells of its line (``roll_letters.COLUMNS``).
        receipt_hangul: what it writes with its own letters (``roll_letters.Hangul``).
        receipt_auto: ``yes``: it prints the receipt of each sale at the counter, once that is paid.
        sound_volume: percent; 0 for no sounds.
        start_screen: the page that the program opens with, ``home`` or ``sale``.
        round_to: unit to which weighed and discounted amounts are rounded down, in won
            (``sale_amounts.ROUND_TO``).
        reserve_minutes: how long an order of the counter that is not paid keeps its stock; longer
            than the 15 minutes in which a buyer inside KakaoPay can still pay.
        label_patterns: what labels of a scale or the shop mean (``label_patterns``).
        receipt_channel_key: PortOne channel that issues cash receipts; empty for none: a person
            issues them elsewhere.
        mandatory_cash_receipt: ``yes``: cash of 100,000 won or more gets a receipt unasked.
        unnamed_receipt_number: the number of a receipt for nobody.
        hand_over: ``yes``: what is paid at the counter while the buyer is there is delivered.
        day_starts: hour at which a business date begins.
        blind_count: ``yes``: who counts a drawer sees only afterwards what is expected in it.
        discount_percent, discount_won: up to both of these one person alone gives a discount.
        text_size: percent of the usual size of everything in the counter's windows.
        buyer_display: identity of the screen that the buyer sees
            (``ui.display.screen_identity``); empty for none.
        lock_after_s: seconds without use after which the till asks for a PIN.
        kiosk_idle_s: seconds without a touch after which a kiosk asks whether anybody is there.
        kiosk_more_time: percent of the times for a buyer who hears the screen, or has it low or
            large.
        kiosk_screen_mm: diagonal of the kiosk's screen in millimetres; 0: not measured.
        kiosk_floor_mm: millimetres from the floor to the lower edge of its picture; 0: not
            measured.
        kiosk_keys: keys of the keypad besides the standard ones (``domain.kiosk_keys``).
        kiosk_ask_phone: ``yes``: an order with a phone number is shown only to who knows its end.
        call_way: what calls staff besides the kiosk's own screen: nothing else (``screen``), a slip
            of the ESC/POS printer at ``call_address``, an HTTP POST to it, or a bell at that
            serial port.
        call_signal: what switches that bell (``setting_kinds.SignalKind``); empty: DTR and RTS.
        audio_private: ``yes``: a kiosk's loudspeaker says no amount and no key of a phone number.
        locate_every_s: seconds between two announcements of where the kiosk is; 0 for none.
    """

    shop_name: str = _setting("우리 가게", TextKind(1, 40), _G.SHOP)
    business_number: str = _setting("", BusinessNumberKind(), _G.SHOP)
    owner_name: str = _setting("", TextKind(0, 40), _G.SHOP)
    shop_address: str = _setting("", TextKind(0, 100), _G.SHOP)
    shop_phone: str = _setting("", TextKind(0, 20), _G.SHOP)
    tax_type: str = _setting("general", ChoiceKind(TAX_TYPES), _G.SHOP)
    tax_invoices: str = _setting("no", ChoiceKind(("yes", "no")), _G.SHOP)
    mode: Mode | None = _setting(
        None, ChoiceKind(tuple(str(each) for each in Mode)), _G.PAYMENT, fixed=True
    )
    user_code: str = _setting("", TextKind(0, 40), _G.PAYMENT)
    channel_key: str = _setting("", TextKind(0, 100), _G.PAYMENT)
    kakaopay_tax: str = _setting(
        "taxable", ChoiceKind(tuple(one.value for one in KakaoPayTax)), _G.PAYMENT
    )
    link_seconds: int = _setting(300, NumberKind(60, 1800, Unit.SECONDS), _G.PAYMENT)
    link_mode: str = _setting("direct", ChoiceKind(("direct", "buttons")), _G.PAYMENT)
    pay_method: str = _setting("kakaopay", TextKind(1, 40), _G.PAYMENT, fixed=True)
    api_base: str = _setting("https://api.iamport.kr", AddressKind(), _G.PAYMENT, fixed=True)
    link_base: str = _setting("https://api.iamport.co", AddressKind(), _G.PAYMENT, fixed=True)
    link_hosts: tuple[str, ...] = _setting(("impay.link",), HostsKind(), _G.PAYMENT, fixed=True)
    poll_ms: int = _setting(2_000, NumberKind(200, 60_000, _MS), _G.PAYMENT)
    poll_opened_ms: int = _setting(700, NumberKind(500, 60_000, _MS), _G.PAYMENT)
    connect_ms: int = _setting(5_000, NumberKind(100, 60_000, _MS), _G.PAYMENT)
    read_ms: int = _setting(60_000, NumberKind(100, 600_000, _MS), _G.PAYMENT)
    total_ms: int = _setting(75_000, NumberKind(100, 600_000, _MS), _G.PAYMENT)
    printer: str = _setting("", TextKind(0, 100), _G.SALE, live=True)
    pdf_paper: str = _setting("a4", ChoiceKind(("a4", "80", "58")), _G.SALE, live=True)
    receipt_printer: str = _setting("", PrinterKind(), _G.SALE, live=True)
    receipt_columns: str = _setting("42", ChoiceKind(_COLUMNS), _G.SALE, live=True)
    receipt_hangul: str = _setting(
        "ks5601", ChoiceKind(tuple(one.value for one in Hangul)), _G.SALE, live=True
    )
    receipt_auto: str = _setting("no", ChoiceKind(("yes", "no")), _G.SALE, live=True)
    scan_gap_ms: int = _setting(50, NumberKind(20, 100, _MS), _G.SALE)
    scan_prefix: str = _setting("", ScanPrefixKind(), _G.SALE)
    sound_volume: int = _setting(80, NumberKind(0, 100, Unit.PERCENT), _G.SALE, live=True)
    start_screen: str = _setting("home", ChoiceKind(("home", "sale")), _G.SALE)
    round_to: str = _setting("10", ChoiceKind(("1", "10", "100")), _G.SALE)
    reserve_minutes: int = _setting(20, NumberKind(16, 240, Unit.MINUTES), _G.SALE)
    label_patterns: tuple[str, ...] = _setting((), LabelPatternsKind(), _G.SALE)
    receipt_channel_key: str = _setting("", TextKind(0, 100), _G.SALE)
    mandatory_cash_receipt: str = _setting("yes", ChoiceKind(("yes", "no")), _G.SALE)
    unnamed_receipt_number: str = _setting(UNNAMED_NUMBER, MobileNumberKind(), _G.SALE)
    hand_over: str = _setting("yes", ChoiceKind(("yes", "no")), _G.SALE)
    day_starts: int = _setting(6, NumberKind(0, 12), _G.SALE)
    blind_count: str = _setting("yes", ChoiceKind(("yes", "no")), _G.SALE)
    lock_after_s: int = _setting(180, NumberKind(30, 1_800, Unit.SECONDS), _G.STAFF)
    refund_without_pin: int = _setting(50_000, _LIMIT, _G.STAFF)
    refund_with_pin: int = _setting(300_000, _LIMIT, _G.STAFF)
    refund_second_person: int = _setting(1_000_000, _LIMIT, _G.STAFF)
    refund_day: int = _setting(1_000_000, _LIMIT, _G.STAFF)
    discount_percent: int = _setting(30, NumberKind(0, 100, Unit.PERCENT), _G.STAFF)
    discount_won: int = _setting(50_000, _LIMIT, _G.STAFF)
    kiosk_number: int = _setting(1, NumberKind(1, 99), _G.KIOSK)
    kiosk_idle_s: int = _setting(60, NumberKind(15, 300, Unit.SECONDS), _G.KIOSK)
    kiosk_more_time: int = _setting(200, NumberKind(100, 500, Unit.PERCENT), _G.KIOSK)
    kiosk_screen_mm: int = _setting(
        0, NumberKind(150, 2_000, Unit.MILLIMETRES, or_zero=True), _G.KIOSK
    )
    kiosk_floor_mm: int = _setting(
        0, NumberKind(100, 1_800, Unit.MILLIMETRES, or_zero=True), _G.KIOSK
    )
    kiosk_keys: str = _setting("", KioskKeysKind(), _G.KIOSK)
    kiosk_ask_phone: str = _setting("yes", ChoiceKind(("yes", "no")), _G.KIOSK)
    call_way: str = _setting(
        "screen", ChoiceKind(("screen", "printer", "http", "serial")), _G.KIOSK
    )
    call_address: str = _setting("", CallAddressKind(), _G.KIOSK)
    call_signal: str = _setting("", SignalKind(), _G.KIOSK)
    audio_private: str = _setting("yes", ChoiceKind(("yes", "no")), _G.KIOSK)
    locate_every_s: int = _setting(0, NumberKind(0, 600, Unit.SECONDS), _G.KIOSK)
    language: str = _setting("ko", ChoiceKind(("ko", "en")), _G.DISPLAY, live=True)
    theme: str = _setting("light", ChoiceKind(("light", "dark", "contrast")), _G.DISPLAY, live=True)
    text_size: str = _setting("100", ChoiceKind(("100", "125", "150")), _G.DISPLAY)
    buyer_display: str = _setting("", TextKind(0, 200), _G.DISPLAY, live=True)
    keyring_ms: int = _setting(10_000, NumberKind(100, 120_000, _MS), _G.DATA)

    @property
    def live(self) -> bool:
        """Whether the till takes real money: payments of test channels are refused."""
        return self.mode is Mode.LIVE


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the list.

    Attributes:
        needs_restart: a change takes effect at the next start of the program.
        is_fixed: chosen at set-up; the settings page only shows it.
        is_secret: it is in the keyring, never in a file, and is shown nowhere.
    """

    name: str
    kind: Kind
    default: Any
    group: SettingGroup
    needs_restart: bool = True
    is_fixed: bool = False
    is_secret: bool = False

    def read(self, value: object, *, from_text: bool) -> Any:
        """Return the valid value; raises ``ValueError`` with what was expected."""
        read = self.kind.read(value, from_text=from_text)
        return Mode(str(read)) if self.name == "mode" else read


def text_of(value: object) -> str:
    """Return a value as people type it; ``Setting.read`` of it is the same value again."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _settings() -> tuple[Setting, ...]:
    found = []
    for each in fields(Settings):
        entry: _Entry = each.metadata[_ENTRY]
        found.append(
            Setting(
                each.name,
                entry.kind,
                each.default,
                entry.group,
                entry.needs_restart,
                entry.is_fixed,
            )
        )
    return tuple(found)


SETTINGS = _settings()
"""Settings of the file, in the order of the settings page."""

SECRETS = tuple(
    Setting(name, SecretKind(), "", SettingGroup.PAYMENT, is_secret=True)
    for name in ("imp_key", "imp_secret")
)
"""PortOne's keys: entries of the keyring."""


def _in_order() -> dict[str, Setting]:
    found = {}
    for each in SETTINGS:
        found[each.name] = each
        if each.name == _BEFORE_SECRETS:
            found |= {secret.name: secret for secret in SECRETS}
    return found


_BEFORE_SECRETS = "user_code"

BY_NAME: Mapping[str, Setting] = _in_order()
"""All settings and secrets, in the order of the settings page."""


def setting_names() -> tuple[str, ...]:
    """Return the names of the settings of the file."""
    return tuple(each.name for each in SETTINGS)


def find_conflict(settings: Settings) -> tuple[str, str] | None:
    """Return a setting that does not fit the others, and what was expected; ``None``: all fit.

    Real money and its keys go to PortOne's published hosts only.
    """
    if not settings.live:
        return None
    for name, host in PUBLISHED.items():
        if not is_published(name, str(getattr(settings, name))):
            return name, f"https://{host} only when live"
    if any(host.startswith("http://") for host in settings.link_hosts):
        return "link_hosts", "https only when live"
    return None
