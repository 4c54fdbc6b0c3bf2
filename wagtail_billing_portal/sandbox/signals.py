"""What the sandbox tells whoever watches it, such as a test run."""

from __future__ import annotations

from django.dispatch import Signal

# provides args: operation (a routing.Operation), served (the object of the answer)
request_answered = Signal()

# provides args: method, path (of a request whose answer was made and leaves late)
answer_held_up = Signal()

# provides args: event (the event as it is stored)
event_emitted = Signal()

# provides args: complaint (str), what the sandbox was about to say wrongly
contract_broken = Signal()
