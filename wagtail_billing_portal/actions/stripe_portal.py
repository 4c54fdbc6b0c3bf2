from __future__ import annotations

from collections.abc import Iterable

from ..accounts import BillingAccount
from ..exceptions import NotASubscriber
from ..gateway import new_key, options, stripe_for
from ..models import Subscription
from ..policies.customers import may_open_hosted_portal
from ..policies.plans import group_of
from .configuration import kept_configurations, push_configuration
from .hosted_returns import begin_visit


def open_hosted_portal(account: BillingAccount, *, return_url: str, locale: str) -> str:
    """The address of Stripe's own portal for this customer.

    It opens the account to whoever has it and lives for minutes: redirect at once,
    keep it nowhere. Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_open_hosted_portal(account).require()
    if account.customer is None:
        raise NotASubscriber(f"{account.user.pk} has no customer.")
    configuration = configuration_for(account, account.current_subscriptions)
    with stripe_for(account.settings.stripe_account) as client:
        session = client.v1.billing_portal.sessions.create(
            {
                "customer": account.customer.pk,
                "configuration": configuration,
                "return_url": return_url,
                "locale": locale,
            },
            # A form that is sent again, days later, has to open as well.
            options(new_key()),
        )
    for subscription in account.current_subscriptions:
        begin_visit(account, subscription, at=session.created)
    return str(session.url)


def configuration_for(
    account: BillingAccount, subscriptions: Iterable[Subscription]
) -> str:
    """The configuration with the plans that these subscriptions may switch between.

    Where they are of several groups, or of none, it is the site's own, which lets
    nobody switch.
    """
    settings = account.settings
    groups = {_group_key(account, it) for it in subscriptions}
    wanted = groups.pop() if len(groups) == 1 else None
    if known := _known(account, wanted):
        return known
    own = push_configuration(settings)
    return _known(account, wanted) or own


def _known(account: BillingAccount, group: int | None) -> str:
    settings = account.settings
    if group is None:
        return settings.stripe_configuration
    kept = kept_configurations(settings).get(group)
    return kept.pk if kept else ""


def _group_key(account: BillingAccount, subscription: Subscription) -> int | None:
    group = group_of(account, subscription.price) if subscription.price else None
    return group.pk if group else None
