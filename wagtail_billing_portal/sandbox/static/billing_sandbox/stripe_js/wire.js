// Requests to Stripe's API, in its form encoding. The frame loads this file, too.

function formEncoded(params) {
  const form = new URLSearchParams();
  const add = (name, value) => {
    if (value === undefined || value === null) {
      return;
    }
    if (typeof value === "object") {
      for (const [inner, item] of Object.entries(value)) {
        add(name ? `${name}[${inner}]` : inner, item);
      }
      return;
    }
    form.append(name, value);
  };
  add("", params);
  return form;
}

// The answer of the API, or `{error}` in the shape that all methods give it.
async function callStripe(account, method, path, params = {}) {
  const form = formEncoded(params);
  const query = method === "GET" && form.size ? `?${form}` : "";
  const headers = { Authorization: `Bearer ${account.key}` };
  if (account.stripeAccount) {
    headers["Stripe-Account"] = account.stripeAccount;
  }
  if (account.apiVersion) {
    headers["Stripe-Version"] = account.apiVersion;
  }
  if (account.locale && account.locale !== "auto") {
    headers["Accept-Language"] = account.locale;
  }
  try {
    const response = await fetch(`${account.base}/v1/${path}${query}`, {
      method,
      headers,
      body: method === "GET" ? undefined : form,
      credentials: "omit",
      cache: "no-store",
    });
    return await response.json();
  } catch {
    return {
      error: {
        type: "api_connection_error",
        message: account.unreachable ?? "Stripe could not be reached. Try again.",
      },
    };
  }
}

// What a client secret opens: `{kind, id, path}` of an intent, or nothing.
function intentOf(clientSecret) {
  const [, id, prefix] = /^((pi|seti)_\w+?)_secret_\w+$/.exec(clientSecret) ?? [];
  if (!id) {
    return null;
  }
  const kind = prefix === "pi" ? "payment_intent" : "setup_intent";
  return { kind, id, path: `${kind}s/${id}` };
}
