"""Barcodes of products as bars: EAN-13 and Code 128, of 1 to ``LONGEST_BARCODE`` characters."""

from __future__ import annotations

from posapp.domain.codes import is_gtin

QUIET = 10
"""White modules on each side of the bars, without which a scanner finds no edge."""

_EAN_DIGITS = 13
_LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
"""Each digit at the left of an EAN-13, of odd parity; inverted it is the digit at the right."""

_PARITY = "000000 001011 001101 001110 010011 011001 011100 010101 010110 011010".split()
"""Which of the six digits at the left have even parity, by the first digit, which has no bars."""

_EDGE, _MIDDLE = "101", "01010"

_WIDTHS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232"
).split()
"""Widths of bars and gaps of each value of Code 128."""

_START_B, _STOP = 104, "2331112"
_CHECK = 103


def printed_code(key: str) -> str:
    """Return a stored code (``product_codes.code_key``) as it is printed: a trade item number as
    an EAN-13 where it fits one, any other code as it is."""
    is_ean = len(key) > _EAN_DIGITS and key[0] == "0" and is_gtin(key)
    return key[1:] if is_ean else key


def is_ean13(text: str) -> bool:
    """Return whether a text is printed as EAN-13; every other one is as Code 128."""
    return len(text) == _EAN_DIGITS and is_gtin(text)


def modules_of(text: str) -> str:
    """Return the bars of a text without its quiet zones, a module each: ``1`` is black.

    Raises:
        ValueError: a character is no printable one of ASCII, or there is none.
    """
    if not (text and text.isascii() and text.isprintable()):
        raise ValueError("a barcode has printable characters of ASCII")
    return _ean13(text) if is_ean13(text) else _code128(text)


def _ean13(digits: str) -> str:
    parity = _PARITY[int(digits[0])]
    left = "".join(
        _inverted(_LEFT[int(digit)])[::-1] if is_even == "1" else _LEFT[int(digit)]
        for digit, is_even in zip(digits[1:7], parity, strict=True)
    )
    right = "".join(_inverted(_LEFT[int(digit)]) for digit in digits[7:])
    return f"{_EDGE}{left}{_MIDDLE}{right}{_EDGE}"


def _inverted(bits: str) -> str:
    return bits.translate({ord("0"): "1", ord("1"): "0"})


def _code128(text: str) -> str:
    values = [_START_B, *(ord(sign) - ord(" ") for sign in text)]
    check = sum(value * max(at, 1) for at, value in enumerate(values)) % _CHECK
    widths = [*(_WIDTHS[value] for value in (*values, check)), _STOP]
    return "".join(
        ("0" if at % 2 else "1") * int(width) for one in widths for at, width in enumerate(one)
    )
