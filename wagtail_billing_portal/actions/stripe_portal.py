from __future__ import annotations

from ..accounts import BillingAccount
from ..exceptions import NotASubscriber
from ..gateway import options, stripe_for
from ..policies.customers import may_open_hosted_portal
from .configuration import push_configuration


def open_hosted_portal(
    account: BillingAccount, *, return_url: str, locale: str, key: str
) -> str:
    """The address of Stripe's own portal for this customer.

    It opens the account to whoever has it and lives for minutes: redirect at once,
    keep it nowhere. Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_open_hosted_portal(account).require()
    if account.customer is None:
        raise NotASubscriber(f"{account.user.pk} has no customer.")
    settings = account.settings
    configuration = settings.stripe_configuration or push_configuration(settings)
    with stripe_for(settings.stripe_account) as client:
        session = client.v1.billing_portal.sessions.create(
            {
                "customer": account.customer.pk,
                "configuration": configuration,
                "return_url": return_url,
                "locale": locale,
            },
            options(key, "portal"),
        )
    return str(session.url)
