"""What a member may do with a subscription. One function an act, all of them pure.

Which plans there are to switch to is said by ``policies.plans``.
"""

from ..plans import Option, extras_for, options_for, units_of
from .cancelling import may_cancel, may_cancel_now, may_leave, may_undo_cancel
from .changing import (
    may_add,
    may_change_plan,
    may_change_quantity,
    may_remove,
    may_undo_change,
)
from .discounts import may_apply_code, may_remove_discount
from .pausing import may_pause, may_resume, pauses_fully, resumption_invoice
from .returning import comes_back_beside, may_resubscribe
from .standing import may_view
from .staying import cheaper_plan, first_offer, followed_offer, may_take

__all__ = [
    "Option",
    "cheaper_plan",
    "comes_back_beside",
    "extras_for",
    "first_offer",
    "followed_offer",
    "may_add",
    "may_apply_code",
    "may_cancel",
    "may_cancel_now",
    "may_change_plan",
    "may_change_quantity",
    "may_leave",
    "may_pause",
    "may_remove",
    "may_remove_discount",
    "may_resubscribe",
    "may_resume",
    "may_take",
    "may_undo_cancel",
    "may_undo_change",
    "may_view",
    "options_for",
    "pauses_fully",
    "resumption_invoice",
    "units_of",
]
