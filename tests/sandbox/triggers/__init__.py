"""Scripts that bring each event about by requests alone."""

from tests.sandbox.triggers import billing, catalogue, paying, subscribing

SCRIPTS = {
    **catalogue.SCRIPTS,
    **paying.SCRIPTS,
    **billing.SCRIPTS,
    **subscribing.SCRIPTS,
}
