"""What tax identification numbers look like."""

from __future__ import annotations

import re

from wagtail_billing_portal.sandbox.errors import InvalidRequest

# The country in which the sandbox's account does business.
HOME = "US"
MAGIC = re.compile(r"0{9}|1{9}|2{9}")

_SHORTEST, _LONGEST = 2, 50
_SEPARATORS = re.compile(r"[\s.]+")

_EU = {
    "AT": r"U\d{8}",
    "BE": r"[01]?\d{9}",
    "BG": r"\d{9,10}",
    "CY": r"\d{8}[A-Z]",
    "CZ": r"\d{8,10}",
    "DE": r"\d{9}",
    "DK": r"\d{8}",
    "EE": r"\d{9}",
    "EL": r"\d{9}",
    "ES": r"[A-Z0-9]\d{7}[A-Z0-9]",
    "FI": r"\d{8}",
    "FR": r"[A-Z0-9]{2}\d{9}",
    "HR": r"\d{11}",
    "HU": r"\d{8}",
    "IE": r"\d[A-Z0-9+*]\d{5}[A-Z]{1,2}",
    "IT": r"\d{11}",
    "LT": r"\d{9}(\d{3})?",
    "LU": r"\d{8}",
    "LV": r"\d{11}",
    "MT": r"\d{8}",
    "NL": r"\d{9}B\d{2}",
    "PL": r"\d{10}",
    "PT": r"\d{9}",
    "RO": r"\d{2,10}",
    "SE": r"\d{12}",
    "SI": r"\d{8}",
    "SK": r"\d{10}",
    "XI": r"\d{9}(\d{3})?|GD\d{3}|HA\d{3}",
}
_FORMATS = {
    "au_abn": r"\d{11}",
    "au_acn": r"\d{9}",
    "br_cnpj": r"\d{2}\.?\d{3}\.?\d{3}/?\d{4}-?\d{2}",
    "br_cpf": r"\d{3}\.?\d{3}\.?\d{3}-?\d{2}",
    "ca_bn": r"\d{9}",
    "ca_gst_hst": r"\d{9}RT\d{4}",
    "ca_qst": r"\d{10}TQ\d{4}",
    "ch_uid": r"CHE-?\d{3}\.?\d{3}\.?\d{3}( ?(HR|MWST|TVA|IVA))?",
    "ch_vat": r"CHE-?\d{3}\.?\d{3}\.?\d{3} ?(MWST|TVA|IVA)",
    "cl_tin": r"\d{1,2}\.?\d{3}\.?\d{3}-?[\dK]",
    "cn_tin": r"[0-9A-Z]{15}|[0-9A-Z]{17,18}|[0-9A-Z]{20}",
    "de_stn": r"[\d/ ]{10,16}",
    "es_cif": r"[A-Z]-?\d{7}-?[A-Z0-9]",
    "eu_oss_vat": r"EU\d{9}",
    "eu_vat": "|".join(f"{code}({number})" for code, number in _EU.items()),
    "gb_vat": r"GB(\d{9}(\d{3})?|GD\d{3}|HA\d{3})",
    "hk_br": r"\d{8}",
    "il_vat": r"\d{9}",
    "in_gst": r"\d{2}[A-Z]{5}\d{4}[A-Z][0-9A-Z]Z[0-9A-Z]",
    "is_vat": r"\d{5,6}",
    "jp_cn": r"\d{13}",
    "jp_rn": r"\d{5}",
    "jp_trn": r"T\d{13}",
    "kr_brn": r"\d{3}-?\d{2}-?\d{5}",
    "li_uid": r"CHE\d{9}",
    "mx_rfc": r"[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}",
    "no_vat": r"\d{9}MVA",
    "no_voec": r"\d{7}",
    "nz_gst": r"\d{8,9}",
    "ru_inn": r"\d{10}|\d{12}",
    "ru_kpp": r"\d{9}",
    "sa_vat": r"\d{15}",
    "sg_gst": r"M\d{8}[A-Z]|\d{8,9}[A-Z]",
    "sg_uen": r"\d{8,9}[A-Z]|[TSR]\d{2}[A-Z]{2}\d{4}[A-Z]",
    "th_vat": r"\d{13}",
    "tr_tin": r"\d{10}",
    "tw_vat": r"\d{8}",
    "ua_vat": r"\d{9,12}",
    "us_ein": r"\d{2}-?\d{7}",
    "za_vat": r"4\d{9}",
}
_COUNTRIES = {"EL": "GR", "XI": "GB", "IC": "ES"}


def checked(type_: str, value: str, *, param: str) -> str:
    """The value as it is kept; one of the wrong form is refused.

    Registers are not asked here. The values that stand for a register's answer in test
    mode are always of the right form, with and without a country in front.
    """
    tidy = value.strip().upper() if type_ in _FORMATS else value.strip()
    bare = _SEPARATORS.sub("", tidy)
    pattern = _FORMATS.get(type_)
    if pattern is None:
        fits = _SHORTEST <= len(tidy) <= _LONGEST
    else:
        fits = any(re.fullmatch(pattern, text) for text in (tidy, bare))
    if fits or MAGIC.fullmatch(bare) or MAGIC.fullmatch(bare[2:]):
        return bare if type_ in ("eu_vat", "gb_vat", "au_abn") else tidy
    raise InvalidRequest(
        f"Invalid value for {type_}.", code="tax_id_invalid", param=param
    )


def country_of(type_: str, value: str) -> str | None:
    """The country that gave a number out, where the number or its type tells."""
    if type_ in ("unknown", "eu_oss_vat"):
        return None
    prefix = value[:2] if type_ == "eu_vat" else type_[:2].upper()
    return _COUNTRIES.get(prefix, prefix) if prefix.isalpha() else None
