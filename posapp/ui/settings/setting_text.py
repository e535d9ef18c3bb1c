"""Texts of settings: names, values and what a value has to be, in the current language."""

from __future__ import annotations

from posapp.domain.setting_kinds import (
    AddressKind,
    BusinessNumberKind,
    CallAddressKind,
    ChoiceKind,
    HostsKind,
    KioskKeysKind,
    LabelPatternsKind,
    MobileNumberKind,
    NumberKind,
    PrinterKind,
    ScanPrefixKind,
    SecretKind,
    SignalKind,
    TextKind,
)
from posapp.domain.settings import Setting, SettingGroup, text_of
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.display.screen_identity import describe_screen

_RULES: dict[type, str] = {
    ScanPrefixKind: "settings.rule_scan_prefix",
    BusinessNumberKind: "settings.rule_business_number",
    AddressKind: "settings.rule_address",
    HostsKind: "settings.rule_hosts",
    CallAddressKind: "settings.rule_call_address",
    SignalKind: "settings.rule_signal",
    PrinterKind: "settings.rule_printer",
    KioskKeysKind: "settings.rule_kiosk_keys",
    LabelPatternsKind: "settings.rule_label_patterns",
    MobileNumberKind: "settings.rule_mobile_number",
    SecretKind: "settings.rule_secret",
}


def name_of(texts: Translator, setting: Setting) -> str:
    """Return a setting's name."""
    return texts(f"settings.name_{setting.name}")


def about(texts: Translator, setting: Setting) -> str:
    """Return what a setting means, in one line."""
    return texts(f"settings.about_{setting.name}")


def group_name(texts: Translator, group: SettingGroup) -> str:
    """Return a group's name."""
    return texts(f"settings.group_{group.value}")


def option_name(texts: Translator, setting: Setting, option: str) -> str:
    """Return the name of one option of a choice."""
    return texts(f"settings.option_{setting.name}_{option}")


def value_text(texts: Translator, setting: Setting, value: object) -> str:
    """Return a value as it is shown; empty if there is none."""
    kind, text = setting.kind, text_of(value)
    if isinstance(kind, ChoiceKind):
        return option_name(texts, setting, text) if text else ""
    if setting.name == "buyer_display":
        return describe_screen(text)
    if isinstance(kind, NumberKind) and isinstance(value, int):
        shown = grouped(value)
        return texts(f"settings.unit_{kind.unit}", value=shown) if kind.unit else shown
    return text


def typed_text(texts: Translator, setting: Setting, typed: str) -> str:
    """Return a value as it is shown, from what was typed; as it is if that is no value."""
    try:
        return value_text(texts, setting, setting.read(typed, from_text=True)) if typed else ""
    except ValueError:
        return typed


def rule(texts: Translator, setting: Setting) -> str:
    """Return what a value of the setting has to be."""
    kind = setting.kind
    if isinstance(kind, NumberKind):
        key = "settings.rule_number_or_zero" if kind.or_zero else "settings.rule_number"
        return texts(key, least=grouped(kind.least), most=grouped(kind.most))
    if isinstance(kind, TextKind):
        if kind.shortest == 0:
            return texts("settings.rule_text_optional", most=kind.longest)
        return texts("settings.rule_text", least=kind.shortest, most=kind.longest)
    if isinstance(kind, ChoiceKind):
        names = ", ".join(option_name(texts, setting, option) for option in kind.options)
        return texts("settings.rule_choice", options=names)
    return texts(_RULES[type(kind)])
