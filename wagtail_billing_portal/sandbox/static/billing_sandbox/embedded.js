// Tells the site around the frame how tall the page is, when it is left, and when it is done.
if (window.parent !== window) {
  const say = (message) => window.parent.postMessage(message, "*");

  new ResizeObserver(() => {
    say({ type: "resize", height: document.documentElement.offsetHeight });
  }).observe(document.documentElement);

  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") {
      say({ type: "escape" });
    }
  });

  const done = document.querySelector("[data-tells]");
  if (done) {
    say({
      type: done.dataset.tells,
      session: done.dataset.session,
      goesTo: done.dataset.goesTo,
    });
  }
}
