// What comes after a confirmation: the bank's question, a wallet's page, the way back.

const never = new Promise(() => {});
const CAMEL = { payment_intent: "paymentIntent", setup_intent: "setupIntent" };
const RESULTS = {
  succeeded: "succeeded",
  requires_capture: "succeeded",
  processing: "pending",
};

function leaveFor(url) {
  window.location.assign(url);
  return never;
}

function wayBack(url, intent) {
  const back = new URL(url, document.baseURI);
  const kind = intent.object;
  back.searchParams.set(kind, intent.id);
  back.searchParams.set(`${kind}_client_secret`, intent.client_secret);
  back.searchParams.set("redirect_status", RESULTS[intent.status] ?? "failed");
  return back.href;
}

// An intent as methods give it: alone, or as the reason why it was refused.
function resultOf(intent) {
  if (intent.error) {
    return { error: intent.error };
  }
  const refusal = intent.last_payment_error ?? intent.last_setup_error;
  if (intent.status === "requires_payment_method" && refusal) {
    return { error: { ...refusal, [intent.object]: intent } };
  }
  return { [CAMEL[intent.object]]: intent };
}

function retrieve(account, clientSecret) {
  const { path } = intentOf(clientSecret);
  return callStripe(account, "GET", path, { client_secret: clientSecret });
}

// The bank's question in a window over the page, until it is answered.
function challenge(account, intent) {
  const locale = encodeURIComponent(account.locale);
  const path = `challenge/${intent.client_secret}/?locale=${locale}`;
  const frame = anIframe(path, "3-D Secure");
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", "3-D Secure");
  Object.assign(dialog.style, {
    border: "0",
    borderRadius: "12px",
    boxShadow: "0 1rem 4rem rgb(0 0 0 / 45%)",
    maxHeight: "calc(100dvh - 1rem)",
    maxWidth: "calc(100vw - 1rem)",
    overflow: "auto",
    padding: "0",
    width: "36rem",
  });
  dialog.append(frame);
  document.body.append(dialog);
  dialog.showModal();
  // A frame that had the focus before its page came would keep keys from that page.
  frame.blur();
  frame.addEventListener("load", () => frame.focus());
  return new Promise((resolve) => {
    let refused = null;
    // Who goes away has not passed.
    const refuse = () => {
      const body = new URLSearchParams({ answer: "fail" });
      refused = fetch(frame.src, { method: "POST", mode: "no-cors", body });
    };
    const deaf = hear(frame, (said) => {
      if (said.type === "resize") {
        frame.style.height = `${said.height}px`;
      } else if (said.type === "escape") {
        refuse();
        dialog.close();
      } else if (said.type === "challenge.answered") {
        dialog.close();
      }
    });
    dialog.addEventListener("cancel", refuse);
    dialog.addEventListener("close", async () => {
      deaf();
      dialog.remove();
      await refused;
      resolve();
    });
  });
}

// Does what is left to do for an intent, and gives the intent as it is then.
async function settled(account, intent) {
  const action = intent.next_action;
  if (intent.status !== "requires_action" || !action) {
    return intent;
  }
  if (action.type === "redirect_to_url") {
    return leaveFor(action.redirect_to_url.url);
  }
  await challenge(account, intent);
  return retrieve(account, intent.client_secret);
}
