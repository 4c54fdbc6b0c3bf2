"""Pauses that a schedule plans: when its subscription rests, and runs again."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import (
    attached,
    intents,
    invoicing,
    pausing,
    resumption,
    schedule_times,
)
from wagtail_billing_portal.sandbox.billing.fields import Json, need
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

FIELD = "pause_schedules"
_KIND = "subscription_schedule"
_PATH = f"{FIELD}[0]"
_MOST_CHARACTERS = 255


def write(world: World, schedule: Json, params: Json) -> None:
    """Plan a pause, change the plan or drop it, as a request says."""
    if FIELD not in params:
        return
    sent = params[FIELD] or []
    if len(sent) > 1:
        raise InvalidRequest(
            "You can provide only one entry in `pause_schedules`.", param=FIELD
        )
    if not sent:
        schedule[FIELD] = []
        return
    _check_schedule(schedule)
    entry = _known(schedule, sent[0]) or _new(world, schedule, sent[0])
    _write_pause(world, schedule, entry, sent[0].get("pause"))
    _write_resume(world, entry, sent[0])
    schedule[FIELD] = [entry]


def due_at(schedule: Json) -> int | None:
    """When the subscription is to be paused or resumed next."""
    for entry in schedule.get(FIELD) or []:
        if entry["pause"]["status"]["type"] == "scheduled":
            return int(entry["pause"]["pause_at"])
        if _waits_to_resume(entry):
            return int(entry["resume"]["resume_at"])
    return None


def resumes_at(schedule: Json) -> int | None:
    """When a pause that has begun ends by itself."""
    entries = schedule.get(FIELD) or []
    return next(
        (it["resume"]["resume_at"] for it in entries if _waits_to_resume(it)), None
    )


def is_unfinished(schedule: Json) -> bool:
    """Whether a schedule has still to pause or to resume its subscription."""
    entries = schedule.get(FIELD) or []
    return due_at(schedule) is not None or any(
        entry["resume"] and entry["resume"]["status"]["type"] in attached.RESUMING
        for entry in entries
    )


def run(world: World, schedule: Json) -> bool:
    """Pause or resume if that is due; the schedule is still to be saved then."""
    moment = due_at(schedule)
    if schedule["status"] != "active" or moment is None or moment > world.now:
        return False
    entry = schedule[FIELD][0]
    subscription = world.get("subscription", schedule["subscription"])
    if entry["pause"]["status"]["type"] == "scheduled":
        entry["pause"]["status"] = _pause(world, subscription, entry["pause"])
    else:
        entry["resume"]["status"] = _resume(world, subscription, entry["resume"])
    return True


def run_in_request(world: World, schedule: Json) -> bool:
    """Pause or resume at once because a request says so; refuse it if it fails."""
    if not run(world, schedule):
        return False
    entry = schedule[FIELD][0]
    for name in ("pause", "resume"):
        if error := (entry[name] or {"status": {"error": None}})["status"]["error"]:
            param = f"{_PATH}[{name}]"
            raise InvalidRequest(error["message"], code=error["code"], param=param)
    return True


def _pause(world: World, subscription: Json, plan: Json) -> Json:
    settings = plan["settings"]
    bill_for = {
        name: {"type": "now" if chosen["type"] == "pause_at" else chosen["type"]}
        for name, chosen in settings["bill_for"].items()
    }
    order = {
        "bill_for": bill_for,
        "invoicing_behavior": settings["invoicing_behavior"],
        "type": settings["type"],
    }
    try:
        pausing.pause(world, subscription, order, by_schedule=True)
    except InvalidRequest as refusal:
        return _error(refusal)
    return _status("succeeded")


def _resume(world: World, subscription: Json, plan: Json) -> Json:
    if subscription["status"] != "paused":
        return _status("succeeded")
    anchor = plan["settings"]["billing_cycle_anchor"]
    order = {
        "billing_cycle_anchor": {"type": "now" if anchor == "resume_at" else anchor},
        "payment_behavior": plan["settings"]["payment_behavior"],
        "proration_behavior": plan["settings"]["proration_behavior"],
    }
    try:
        resumed = pausing.resume(world, subscription, order)
    except InvalidRequest as refusal:
        return _error(refusal)
    if resumed["status"] != "paused":
        return _status("succeeded")
    invoice = world.get("invoice", str(resumption.invoice_of(resumed)))
    intent = invoicing.intent_of(world, invoice)
    asks = intent is not None and intent["status"] == intents.ASKS
    return _status("requires_action" if asks else "pending")


def _known(schedule: Json, sent: Json) -> Json | None:
    """The entry that a request changes, if it changes one."""
    entry: Json | None = next(iter(schedule.get(FIELD) or []), None)
    if entry is None or sent.get("key") == entry["key"]:
        return entry if "key" in sent else None
    if entry["pause"]["status"]["type"] == "succeeded" and not _is_over(entry):
        raise InvalidRequest(
            f"The subscription is paused by `{entry['key']}`. Pass this `key` to "
            "change when it resumes.",
            param=f"{_PATH}[key]",
        )
    return None


def _new(world: World, schedule: Json, sent: Json) -> Json:
    need(sent, "pause")
    need(sent["pause"], "pause_at")
    key = sent.get("key") or world.new_id("pause_")
    if len(key) > _MOST_CHARACTERS:
        raise InvalidRequest(
            f"A key can have at most {_MOST_CHARACTERS} characters.",
            param=f"{_PATH}[key]",
        )
    at_pause = {"type": "pause_at"}
    settings = {
        "bill_for": {
            "outstanding_usage_through": at_pause,
            "unused_time_from": at_pause,
        },
        "invoicing_behavior": "pending_invoice_item",
        "type": "subscription",
    }
    pause = {"pause_at": None, "settings": settings, "status": _status("scheduled")}
    return {**skeleton(_KIND, FIELD), "key": key, "pause": pause}


def _write_pause(world: World, schedule: Json, entry: Json, sent: Json | None) -> None:
    if not sent:
        return
    plan = entry["pause"]
    if plan["status"]["type"] == "succeeded":
        raise InvalidRequest(
            "The subscription has been paused already.", param=f"{_PATH}[pause]"
        )
    if "pause_at" in sent:
        begins = max(world.now, int(schedule["phases"][0]["start_date"]))
        path = f"{_PATH}[pause][pause_at]"
        plan["pause_at"] = _moment(world, sent["pause_at"], path, after=begins)
        plan["status"] = _status("scheduled")
    settings = dict(sent.get("settings") or {})
    bill_for = {**plan["settings"]["bill_for"], **settings.pop("bill_for", {})}
    plan["settings"] = {**plan["settings"], **settings, "bill_for": bill_for}


def _write_resume(world: World, entry: Json, sent: Json) -> None:
    if "resume" in sent and not sent["resume"]:
        entry["resume"] = None
    elif "resume" in sent:
        entry["resume"] = _resume_plan(world, entry, sent["resume"])
    plan, paused_at = entry["resume"], entry["pause"]["pause_at"]
    is_paused = entry["pause"]["status"]["type"] == "succeeded"
    # Who has paused may go on within the same second.
    earliest = paused_at if is_paused else paused_at + 1
    if plan and plan["resume_at"] < earliest:
        raise InvalidRequest(
            "A subscription can only resume after it has been paused.",
            param=f"{_PATH}[resume][resume_at]",
        )


def _resume_plan(world: World, entry: Json, sent: Json) -> Json:
    plan = entry["resume"] or {
        "resume_at": None,
        "settings": {
            "billing_cycle_anchor": "resume_at",
            "payment_behavior": "resume_on_payment_success",
            "proration_behavior": "create_prorations",
        },
    }
    if plan["resume_at"] is None:
        need(sent, "resume_at")
    if "status" in plan and plan["status"]["type"] not in ("error", "scheduled"):
        raise InvalidRequest(
            "The subscription is being resumed already.", param=f"{_PATH}[resume]"
        )
    moment = plan["resume_at"]
    if "resume_at" in sent:
        path = f"{_PATH}[resume][resume_at]"
        start = int(entry["pause"]["pause_at"])
        moment = _moment(world, sent["resume_at"], path, after=world.now, since=start)
    return {
        "resume_at": moment,
        "settings": {**plan["settings"], **(sent.get("settings") or {})},
        "status": _status("scheduled"),
    }


def _moment(
    world: World, sent: Json, path: str, *, after: int, since: int | None = None
) -> int:
    kind = sent["type"]
    if kind == "now":
        return world.now
    if not sent.get(kind):
        raise InvalidRequest(
            f"Missing required param: {path}[{kind}].",
            param=f"{path}[{kind}]",
            code="parameter_missing",
        )
    if kind == "duration":
        start = world.now if since is None else since
        moment = schedule_times.later(start, sent["duration"], anchor=start)
    else:
        moment = int(sent["timestamp"])
    if moment <= after:
        raise InvalidRequest(
            "Invalid timestamp: it must be in the future, and after the schedule has "
            "started.",
            param=f"{path}[{kind}]",
        )
    return moment


def _waits_to_resume(entry: Json) -> bool:
    plan = entry["resume"]
    paused = entry["pause"]["status"]["type"] == "succeeded"
    return bool(paused and plan and plan["status"]["type"] == "scheduled")


def _is_over(entry: Json) -> bool:
    plan = entry["resume"]
    return bool(plan and plan["status"]["type"] == "succeeded")


def _check_schedule(schedule: Json) -> None:
    if schedule["billing_mode"]["type"] != "flexible":
        raise InvalidRequest(
            "Only subscriptions with `billing_mode[type]=flexible` can be paused.",
            param=FIELD,
        )


def _status(kind: str) -> Json:
    return {"error": None, "type": kind}


def _error(refusal: InvalidRequest) -> Json:
    return {
        "error": {"code": refusal.code, "message": refusal.message},
        "type": "error",
    }
