"""Operations that Stripe serves to its own tools, and that the SDK does not have."""

from typing import ClassVar, Literal, NotRequired

from stripe import StripeObject
from typing_extensions import TypedDict


class PaymentPage(StripeObject):
    """A checkout session as Stripe's own page and command line see it."""

    OBJECT_NAME: ClassVar[Literal["payment_page"]] = "payment_page"

    class LineItemGroup(StripeObject):
        currency: str
        due: int
        subtotal: int
        total: int

    id: str
    line_item_group: LineItemGroup | None
    livemode: bool
    mode: str
    object: Literal["payment_page"]
    payment_intent: str | None
    payment_status: str
    session_id: str
    setup_intent: str | None
    status: str


class PaymentPageRetrieveParams(TypedDict):
    eid: NotRequired[str]
    key: NotRequired[str]


class PaymentPageConfirmParams(TypedDict):
    eid: NotRequired[str]
    expected_amount: NotRequired[int]
    expected_payment_method_type: NotRequired[str]
    key: NotRequired[str]
    payment_method: str


#: Method and path, and the names above of what is sent and answered.
OPERATIONS = {
    ("GET", "/v1/payment_pages/{}"): ("PaymentPageRetrieveParams", "PaymentPage"),
    ("POST", "/v1/payment_pages/{}/confirm"): (
        "PaymentPageConfirmParams",
        "PaymentPage",
    ),
}
