"""StreamField blocks: ``StreamField([*BILLING_BLOCKS, ...])`` adds them all."""

from .base import BillingBlock
from .invoice_list import InvoiceListBlock
from .manage_subscription import ManageSubscriptionBlock
from .prices import PriceChooserBlock
from .pricing_table import PlanBlock, PricingTableBlock
from .subscription import SubscriptionBlock
from .usage import UsageBlock

BILLING_BLOCKS = [
    ("pricing_table", PricingTableBlock()),
    ("manage_subscription", ManageSubscriptionBlock()),
    ("subscription", SubscriptionBlock()),
    ("usage", UsageBlock()),
    ("invoice_list", InvoiceListBlock()),
]

__all__ = [
    "BILLING_BLOCKS",
    "BillingBlock",
    "InvoiceListBlock",
    "ManageSubscriptionBlock",
    "PlanBlock",
    "PriceChooserBlock",
    "PricingTableBlock",
    "SubscriptionBlock",
    "UsageBlock",
]
