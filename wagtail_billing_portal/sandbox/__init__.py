"""A stateful Stripe that answers Stripe's own SDK from one table.

Imports nothing of the portal; sites reach it by dotted path or over HTTP.
"""
