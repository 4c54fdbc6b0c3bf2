// A whole checkout inside the page.

const CHECKOUT_OPTIONS = ["clientSecret", "fetchClientSecret", "onComplete"];

class EmbeddedCheckout {
  constructor(clientSecret, onComplete) {
    this.frame = anIframe(`embedded/${encodeURIComponent(clientSecret)}/`, "Checkout");
    this.deaf = hear(this.frame, (said) => {
      if (said.type === "resize") {
        this.frame.style.height = `${said.height}px`;
      } else if (said.type === "checkout.session.completed" && !this.isComplete) {
        this.isComplete = true;
        if (said.goesTo) {
          leaveFor(said.goesTo);
        } else {
          onComplete?.();
        }
      }
    });
  }

  mount(location) {
    if (this.destroyed) {
      throw new IntegrationError("This Embedded Checkout was destroyed.");
    }
    placeFor(location).replaceChildren(this.frame);
  }

  unmount() {
    this.frame.remove();
  }

  destroy() {
    this.unmount();
    this.deaf();
    this.destroyed = true;
    EmbeddedCheckout.current = null;
  }

  static async create(options) {
    warnOfUnknown(options, CHECKOUT_OPTIONS, "stripe.createEmbeddedCheckoutPage()");
    if (EmbeddedCheckout.current) {
      throw new IntegrationError("You cannot have multiple Embedded Checkout objects.");
    }
    EmbeddedCheckout.current = "soon";
    try {
      const secret = options.clientSecret ?? (await options.fetchClientSecret?.());
      if (typeof secret !== "string" || !secret.startsWith("cs_")) {
        throw new IntegrationError("The client secret of a Checkout Session is needed.");
      }
      EmbeddedCheckout.current = new EmbeddedCheckout(secret, options.onComplete);
    } catch (error) {
      EmbeddedCheckout.current = null;
      throw error;
    }
    return EmbeddedCheckout.current;
  }
}
