// The frame's side of the channel to the page that shows it.

import { dress, scheme } from "./appearance.js";
import { Form, texts } from "./form.js";

const DONE = {};
let port = null;
let account = null;
let group = {};
let intent = null;

const tell = (event, details) => port?.postMessage({ event, details });
const form = new Form(tell);

function measure() {
  const height = document.documentElement.offsetHeight;
  tell("resize", { height, scheme: scheme() });
}

function session() {
  const params = { customer_session_client_secret: group.customerSessionClientSecret };
  if (group.clientSecret) {
    params.client_secret = group.clientSecret;
    params.type = intentOf(group.clientSecret).kind;
  } else {
    params.type = "deferred_intent";
    params.deferred_intent = {
      amount: group.amount,
      currency: group.currency,
      mode: group.mode,
      allowed_payment_method_types: group.allowedPaymentMethodTypes,
      excluded_payment_method_types: group.excludedPaymentMethodTypes,
      setup_future_usage: group.setup_future_usage ?? group.setupFutureUsage,
    };
  }
  return callStripe(account, "GET", "elements/sessions", params);
}

function labelled(method) {
  const { brand, last4 } = method[method.type] ?? {};
  const name = texts.brands[brand] ?? texts.kinds[method.type] ?? method.type;
  const label = last4 ? texts.ending.replace("{brand}", name).replace("{last4}", last4) : name;
  return { ...method, label };
}

// Whether the intent keeps the payment method anyhow.
function isKept() {
  return (
    group.mode === "setup" ||
    intent?.object === "setup_intent" ||
    Boolean(intent?.setup_future_usage ?? group.setup_future_usage ?? group.setupFutureUsage)
  );
}

let features = null;

async function start(described) {
  ({ account, group } = described);
  account.unreachable = texts.unreachable;
  dress(group.appearance);
  const found = await session();
  if (found.error) {
    tell("loaderror", { error: found.error });
    return { error: found.error };
  }
  const preference = found.payment_method_preference;
  intent = preference.payment_intent ?? preference.setup_intent;
  const element = found.customer?.customer_session.components.payment_element;
  features = element?.enabled ? element.features : null;
  const excluded = group.excludedPaymentMethodTypes ?? [];
  form.offer({
    kinds: preference.ordered_payment_method_types.filter((kind) => !excluded.includes(kind)),
    keeps: features?.payment_method_save === "enabled",
    methods: (found.customer?.payment_methods ?? []).map(labelled),
    options: described.element,
  });
  document.body.hidden = false;
  measure();
  return DONE;
}

// What a ticked box means for the payment method that is made.
function redisplay() {
  if (form.keeps === null) {
    return undefined;
  }
  return form.keeps ? "always" : isKept() ? "limited" : "unspecified";
}

// The payment method that was chosen, or a new one of what was typed.
async function chosen(given) {
  const error = form.validate();
  if (error) {
    return { error };
  }
  if (form.method) {
    return form.method;
  }
  const data = form.data(given);
  return callStripe(account, "POST", "payment_methods", {
    ...data,
    allow_redisplay: redisplay() ?? data.allow_redisplay,
  });
}

async function send(path, { payment_method_data: given, ...params }) {
  const method = await chosen(given);
  if (!method.error) {
    params.payment_method = method.id;
    if (form.keeps && !isKept()) {
      params.setup_future_usage = features.payment_method_save_usage ?? undefined;
    }
  }
  const answer = method.error ? method : await callStripe(account, "POST", path, params);
  if (answer.error) {
    form.refuse(answer.error);
  }
  return answer;
}

const does = {
  async start(described) {
    const answer = await start(described);
    if (!answer.error) {
      tell("ready", {});
    }
    return answer;
  },
  restart: start,
  dress({ element }) {
    form.arrange(element);
    return DONE;
  },
  validate() {
    const error = form.validate();
    return error ? { error } : { selectedPaymentMethod: form.state().value.type };
  },
  confirm: ({ path, params }) => send(path, params),
  token({ params }) {
    const usage = group.setup_future_usage ?? group.setupFutureUsage;
    const secret = form.method && group.customerSessionClientSecret;
    return send("confirmation_tokens", {
      ...params,
      customer_session_client_secret: secret || undefined,
      setup_future_usage: group.mode === "setup" ? undefined : usage,
    });
  },
  method: ({ params }) => chosen(params),
  collapse: () => form.choose(null),
  focus: () => form.focus(),
  blur: () => document.activeElement?.blur(),
  clear: () => form.clear(),
};

window.addEventListener("message", ({ data, source, ports }) => {
  if (port || data !== "connect" || source !== window.parent || !ports[0]) {
    return;
  }
  [port] = ports;
  port.onmessage = async ({ data: { id, what, details } }) => {
    const answer = (await does[what](details)) ?? {};
    port.postMessage({ id, answer });
  };
  new ResizeObserver(measure).observe(document.documentElement);
});
