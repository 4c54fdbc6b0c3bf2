// A site's own few lines around Stripe.js, as its documentation tells to write them.

const query = new URLSearchParams(location.search);
const wished = JSON.parse(query.get("do") ?? "{}");
const out = document.querySelector("output");
const heard = [];
const say = (result) => {
  out.textContent = JSON.stringify(result);
};

window.heard = heard;
window.stripe = Stripe(query.get("key"), { locale: wished.locale ?? "en" });

async function submit() {
  const { elements, element } = window;
  if (wished.elements?.mode) {
    const checked = await elements.submit();
    if (checked.error) {
      return checked;
    }
  }
  return stripe[wished.method]({
    elements,
    clientSecret: wished.clientSecret,
    confirmParams: wished.confirmParams,
    redirect: wished.redirect,
    params: wished.params,
  });
}

if (wished.elements) {
  window.elements = stripe.elements(wished.elements);
  window.element = elements.create("payment", wished.element ?? {});
  for (const event of ["ready", "change", "focus", "blur", "escape", "loaderror"]) {
    element.on(event, (details) => heard.push({ event, ...details }));
  }
  element.on("ready", () => (document.body.dataset.ready = ""));
  element.mount("#payment");
}
if (wished.checkout) {
  stripe
    .createEmbeddedCheckoutPage({
      fetchClientSecret: async () => wished.checkout,
      onComplete: () => say({ complete: true }),
    })
    .then((checkout) => {
      window.checkout = checkout;
      checkout.mount("#payment");
    });
}
document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  out.textContent = "";
  say(await submit().catch((error) => ({ thrown: `${error.name}: ${error.message}` })));
});
