"""Run in the tutorial's site: what an editor would click together."""

import json

from home.models import HomePage

from wagtail_billing_portal.models import Price

price = Price.objects.get()
blocks = [
    {
        "type": "pricing_table",
        "value": {"heading": "Our bread", "plans": [{"prices": [price.pk]}]},
    },
    {"type": "manage_subscription", "value": {"heading": "Your bread"}},
    {"type": "invoice_list", "value": {"heading": "Your bills", "number": 5}},
]
page = HomePage.objects.get()
page.body = HomePage._meta.get_field("body").to_python(json.dumps(blocks))
page.save_revision().publish()
