"""Whatever bytes arrive, the answer is one that a client understands."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from wagtail_billing_portal.sandbox.dispatch import handle

pytestmark = pytest.mark.django_db

KEY = {"Authorization": "Bearer sk_test_sandbox_hostile"}
OPERATIONS = [
    ("POST", "/v1/customers"),
    ("POST", "/v1/products"),
    ("POST", "/v1/prices"),
    ("POST", "/v1/subscriptions"),
    ("POST", "/v1/checkout/sessions"),
    ("GET", "/v1/invoices"),
    ("DELETE", "/v1/customers/cus_x"),
]
names = st.sampled_from(
    "name email metadata items items[] items[0] items[][price] currency unit_amount "
    "recurring[interval] expand[] expand limit created created[gt] customer id "
    "metadata[a] product product_data[name] unit_amount_decimal line_items[][quantity] "
    "mode discounts[0][coupon] address[city] tax_id_data[][type] starting_after".split()
)
words = st.sampled_from(
    ["", "1", "-1", "9" * 30, "9" * 5000, "1e999999", "NaN", "true", "%00", "%ff", "٣"]
    + ["usd", "month", "subscription", "²", "1_0", "é", "%ED%A0%80", "a" * 6000]
) | st.text(max_size=8)
forms = st.lists(st.builds("{}={}".format, names, words), max_size=8).map("&".join)
several_tries = settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def answers_plainly(method, path, body, headers=KEY):
    url = f"{path}?{body}" if method == "GET" and isinstance(body, str) else path
    answer = handle(method, url, headers, None if url != path else body)

    assert answer.status < 500, answer.body
    assert json.loads(answer.body)


@several_tries
@given(st.sampled_from(OPERATIONS), st.binary(max_size=40))
@example(("POST", "/v1/customers"), b"name=\xff\xfe")
@example(("POST", "/v1/customers"), b"name=a\x00b")
@example(("POST", "/v1/customers"), b"metadata" + b"[a]" * 5000 + b"=1")
@example(("POST", "/v1/customers"), b"metadata" + b"[a]" * 100 + b"=1")
@example(("POST", "/v1/customers"), b"k" * 100_000 + b"=1")
@example(("POST", "/v1/customers"), b"&".join([b"expand[]=a"] * 6000))
@example(("POST", "/v1/subscriptions"), b"items[" + b"9" * 6000 + b"]=1")
def test_any_bytes_get_an_answer_and_never_a_failure(operation, body):
    answers_plainly(*operation, body)


@several_tries
@given(st.sampled_from(OPERATIONS), forms)
@example(("POST", "/v1/customers"), "name=\ud800")
@example(("GET", "/v1/invoices"), "limit=" + "9" * 5000)
@example(("GET", "/v1/invoices"), "created=" + "9" * 18)
def test_any_form_gets_an_answer_and_never_a_failure(operation, form):
    answers_plainly(*operation, form)


@pytest.mark.parametrize(
    "path",
    [
        "/v1/customers/%00",
        "/v1/customers/%ff%fe",
        "/v1/customers/" + "x" * 5000,
        "/v1/customers/cus_1/%2e%2e/secrets",
        "//[",
    ],
)
def test_a_path_that_makes_no_sense_is_not_found(path):
    assert handle("GET", path, KEY).status == 404


@pytest.mark.parametrize("scheme", ["Basic é", "Basic =", "Bearer é", "Digest x"])
def test_credentials_that_make_no_sense_open_nothing(scheme):
    assert handle("GET", "/v1/customers", {"Authorization": scheme}).status == 401


def test_a_body_in_another_format_is_refused_in_stripes_words():
    json_type = {**KEY, "Content-Type": "application/json"}

    answer = handle("POST", "/v1/customers", json_type, '{"name": "Ada"}')

    assert answer.status == 400
    assert "check that your POST content type is" in answer.body
    assert handle("POST", "/v1/customers", json_type, "").status == 200


def test_a_type_may_carry_a_character_set_and_a_query_goes_with_a_body():
    form = {**KEY, "Content-Type": "Application/X-WWW-Form-URLEncoded; charset=utf-8"}

    answer = handle("POST", "/v1/customers?name=Ada", form, b"email=ada%40example.com")

    made = json.loads(answer.body)
    assert (made["name"], made["email"]) == ("Ada", "ada@example.com")


def test_an_array_of_hashes_in_racks_spelling_makes_a_subscription():
    def post(path, body):
        answer = handle("POST", path, KEY, body)
        assert answer.status == 200, answer.body
        return json.loads(answer.body)

    customer = post("/v1/customers", "")["id"]
    price = "currency=eur&unit_amount=500&recurring[interval]=month"
    prices = [
        post("/v1/prices", f"{price}&product_data[name]={name}")["id"]
        for name in ("Gold", "Silver")
    ]
    items = "&".join(f"items[][price]={id}&items[][quantity]=2" for id in prices)

    made = post(
        "/v1/subscriptions",
        f"customer={customer}&{items}&collection_method=send_invoice&days_until_due=7"
        "&expand[]=customer",
    )

    assert [item["quantity"] for item in made["items"]["data"]] == [2, 2]
    assert made["customer"]["object"] == "customer"
