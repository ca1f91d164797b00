"""Rules of numbers by which the state knows people and companies. Pure: looks nothing up.

Davčna številka (ZDavP-2, art. 33; check digit modulo 11), EMŠO (ZCRP; JMBG, modulo 11), matična številka (ZPRS-1,
modulo 11).
"""

import re
from collections.abc import Callable, Mapping, Sequence

TAX_NUMBER = "tax-number"
EMSO = "emso"
REGISTRATION_NUMBER = "registration-number"

_SIGNS = re.compile(r"[\s.\-/]")


def _check_digit(digits: Sequence[int], weights: Sequence[int]) -> int:
    """11 less the weighted sum modulo 11: from 1 to 11."""
    return 11 - sum(digit * weight for digit, weight in zip(digits, weights, strict=True)) % 11


def is_tax_number(text: str) -> bool:
    """Whether `text` is eight digits, the first not 0, the last the check digit (0 for 10; none is issued for 11)."""
    if not re.fullmatch(r"[1-9][0-9]{7}", text):
        return False
    digits = [int(each) for each in text]
    return _check_digit(digits[:7], range(8, 1, -1)) == (digits[7] or 10)


def is_emso(text: str) -> bool:
    """Whether `text` is thirteen digits with the check digit last; a number for which it would be 10 is not issued."""
    if not re.fullmatch(r"[0-9]{13}", text):
        return False
    digits = [int(each) for each in text]
    return _check_digit(digits[:12], (7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 == digits[12]


def is_registration_number(text: str) -> bool:
    """Whether `text` is seven digits with the check digit last, or these and the three signs of a business unit."""
    if not re.fullmatch(r"[0-9]{7}([0-9A-Z]{3})?", text):
        return False
    digits = [int(each) for each in text[:7]]
    return _check_digit(digits[:6], range(7, 1, -1)) == (digits[6] or 10)


_CHECKS: Mapping[str, Callable[[str], bool]] = {
    TAX_NUMBER: is_tax_number,
    EMSO: is_emso,
    REGISTRATION_NUMBER: is_registration_number,
}


def written_alike(scheme: str, text: str) -> str:
    """`text` as identifiers of `scheme` are compared: a tax number without country and spaces. ValueError if it is no
    such number.

    What is of no scheme known here (an e-identity's own subject) is taken as it is, and may not be empty.
    """
    if scheme not in _CHECKS:
        if not text.strip():
            raise ValueError("an identifier is not empty")
        return text
    plain = _SIGNS.sub("", text).upper()
    if scheme == TAX_NUMBER:
        plain = plain.removeprefix("SI")
    if not _CHECKS[scheme](plain):
        raise ValueError(f"this is no {scheme.replace('-', ' ')}: a digit is wrong or missing")
    return plain
