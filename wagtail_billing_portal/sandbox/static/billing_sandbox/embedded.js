// Tells the site around the frame that its checkout is complete.
(() => {
  const done = document.querySelector("[data-checkout-session]");
  if (!done || window.parent === window) {
    return;
  }
  window.parent.postMessage(
    { type: "checkout.session.completed", session: done.dataset.checkoutSession },
    done.dataset.origin || "*",
  );
})();
