"""Ways to pay that are known in some countries only: shown and kept, seldom used.

They can be made and displayed, and attached where Stripe keeps them for later. An
intent never takes them from a payer.
"""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing.fields import Json, need, supported
from wagtail_billing_portal.sandbox.billing.instruments import fingerprint
from wagtail_billing_portal.sandbox.contract import skeleton

# These pay once; asking for the next payment begins anew.
SINGLE = frozenset(
    "affirm afterpay_clearpay alma bancontact billie bizum crypto customer_balance eps "
    "fpx giropay grabpay ideal konbini mb_way mobilepay multibanco oxxo p24 pay_by_bank "
    "payco paynow paypay promptpay samsung_pay scalapay sequra sofort sunbit swish "
    "wechat_pay zip".split()
)
REUSABLE = frozenset(
    "acss_debit alipay blik boleto cashapp kakao_pay klarna kr_card naver_pay "
    "nz_bank_account payto pix satispay twint upi".split()
)
KINDS = SINGLE | REUSABLE

_NEEDED = {
    "acss_debit": ("account_number", "institution_number", "transit_number"),
    "boleto": ("tax_id",),
    "fpx": ("bank",),
    "nz_bank_account": ("account_number", "bank_code", "branch_code", "suffix"),
    "sofort": ("country",),
}
_BY_DEFAULT = {
    "acss_debit": {"bank_name": "STRIPE TEST BANK"},
    "kr_card": {"brand": "shinhan", "last4": "4242"},
    "naver_pay": {"funding": "card"},
    "nz_bank_account": {"bank_name": "STRIPE TEST BANK"},
}


def details(kind: str, sent: Json, *, param: str) -> Json:
    """The block of a payment method that describes it, its number kept secret."""
    need(sent, *_NEEDED.get(kind, ()))
    block = {**skeleton("payment_method", kind), **_BY_DEFAULT.get(kind, {})}
    shown = {name: value for name, value in sent.items() if name != "account_number"}
    supported(shown, block, param=param)
    block.update(shown)
    if number := sent.get("account_number"):
        block["last4"] = number[-4:]
        if "fingerprint" in block:
            block["fingerprint"] = fingerprint(kind + number)
    return block
