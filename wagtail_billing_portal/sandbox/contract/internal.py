"""Operations that Stripe serves to its own tools, and that the SDK does not have."""

from typing import ClassVar, Literal, NotRequired

from stripe import (
    ConfirmationToken,  # noqa: F401 - by its name below
    CustomerSession,
    PaymentIntent,
    PaymentMethod,
    SetupIntent,
    StripeObject,
)
from stripe.params.test_helpers import (
    ConfirmationTokenCreateParamsPaymentMethodData as TypedMethod,
)
from stripe.params.test_helpers import (
    ConfirmationTokenCreateParamsShipping as TypedShipping,
)
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


class ElementsSession(StripeObject):
    """What Stripe.js needs to know before it can ask how somebody will pay."""

    OBJECT_NAME: ClassVar[Literal["elements_session"]] = "elements_session"

    class Customer(StripeObject):
        class CustomerSession(StripeObject):
            components: CustomerSession.Components
            customer: str

        customer_session: CustomerSession
        default_payment_method: str | None
        payment_methods: list[PaymentMethod]

    class PaymentMethodPreference(StripeObject):
        ordered_payment_method_types: list[str]
        payment_intent: PaymentIntent | None
        setup_intent: SetupIntent | None
        type: str

    customer: Customer | None
    livemode: bool
    object: Literal["elements_session"]
    payment_method_preference: PaymentMethodPreference
    session_id: str


class DeferredIntent(TypedDict):
    """An intent that will only be made when the payer has chosen."""

    amount: NotRequired[int]
    currency: NotRequired[str]
    mode: Literal["payment", "setup", "subscription"]
    allowed_payment_method_types: NotRequired[list[str]]
    excluded_payment_method_types: NotRequired[list[str]]
    setup_future_usage: NotRequired[Literal["off_session", "on_session"]]


class ElementsSessionParams(TypedDict):
    client_secret: NotRequired[str]
    customer_session_client_secret: NotRequired[str]
    deferred_intent: NotRequired[DeferredIntent]
    type: Literal["deferred_intent", "payment_intent", "setup_intent"]


class ConfirmationTokenCreateParams(TypedDict):
    """As of the helper for tests, and whose saved payment methods may be chosen."""

    customer_session_client_secret: NotRequired[str]
    expand: NotRequired[list[str]]
    payment_method: NotRequired[str]
    payment_method_data: NotRequired[TypedMethod]
    return_url: NotRequired[str]
    setup_future_usage: NotRequired[Literal["off_session", "on_session"]]
    shipping: NotRequired[TypedShipping]


#: Method and path, and the names above of what is sent and answered.
OPERATIONS = {
    ("GET", "/v1/elements/sessions"): ("ElementsSessionParams", "ElementsSession"),
    ("POST", "/v1/confirmation_tokens"): (
        "ConfirmationTokenCreateParams",
        "ConfirmationToken",
    ),
    ("GET", "/v1/payment_pages/{}"): ("PaymentPageRetrieveParams", "PaymentPage"),
    ("POST", "/v1/payment_pages/{}/confirm"): (
        "PaymentPageConfirmParams",
        "PaymentPage",
    ),
}
