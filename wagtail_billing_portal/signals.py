"""Facts of billing that a site may react to.

Each is sent after the mirror has stored the new state, once per change, from
whatever brought it: a webhook, a member's action, a refresh or a backfill.
"""

from django.dispatch import Signal

# provides args: instance, created, before
# Emitted when any mirrored row was stored with new content. ``sender`` is its model,
# ``before`` what its ``data`` was until then.
mirrored = Signal()

# provides args: subscription
# Emitted when a subscription begins to grant access.
subscription_started = Signal()

# provides args: subscription
# Emitted when a subscription no longer grants access.
subscription_ended = Signal()

# provides args: subscription, error
# Emitted when what an end at once gives back could not be given yet. It is tried again
# by itself; where Stripe refuses for good, somebody has to look.
settlement_delayed = Signal()

# provides args: customer, user
# Emitted when a member got a Stripe customer for the first time.
customer_linked = Signal()
