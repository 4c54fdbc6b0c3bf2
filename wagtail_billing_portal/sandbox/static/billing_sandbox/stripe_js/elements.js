// Elements: what is shown on the page, and what it tells the page of itself.

const GROUP_OPTIONS = [
  "allowedPaymentMethodTypes",
  "amount",
  "appearance",
  "clientSecret",
  "currency",
  "customerSessionClientSecret",
  "excludedPaymentMethodTypes",
  "locale",
  "mode",
  "paymentMethodCreation",
  "setupFutureUsage",
  "setup_future_usage",
];
const ELEMENT_OPTIONS = [
  "business",
  "defaultValues",
  "fields",
  "layout",
  "paymentMethodOrder",
  "readOnly",
  "terms",
];

class Emitter {
  constructor() {
    this.listeners = [];
  }

  on(event, handler) {
    this.listeners.push({ event, handler });
    return this;
  }

  once(event, handler) {
    const again = (details) => {
      this.off(event, again);
      handler(details);
    };
    return this.on(event, again);
  }

  off(event, handler) {
    this.listeners = this.listeners.filter(
      (one) => one.event !== event || (handler && one.handler !== handler),
    );
    return this;
  }

  emit(event, details) {
    const concerned = this.listeners.filter((one) => one.event === event);
    concerned.forEach((one) => one.handler(details));
    return concerned.length > 0;
  }
}

class PaymentElement extends Emitter {
  constructor(group, options) {
    super();
    warnOfUnknown(options, ELEMENT_OPTIONS, "elements.create()");
    this.group = group;
    this.options = { ...options };
    this.frame = null;
  }

  mount(location) {
    this.mustExist();
    const place = placeFor(location);
    this.unmount();
    const locale = encodeURIComponent(this.group.locale);
    this.frame = new Frame({
      path: `elements/payment/?locale=${locale}`,
      title: "Secure payment input frame",
      onEvent: (event, details) => this.tell(event, details),
    });
    place.replaceChildren(this.frame.element);
    this.tell("loaderstart", {});
    this.frame.ask("start", this.group.described(this));
  }

  unmount() {
    this.frame?.element.remove();
    this.frame = null;
  }

  destroy() {
    this.unmount();
    this.group.element = null;
    this.destroyed = true;
  }

  update(options) {
    this.mustExist();
    warnOfUnknown(options, ELEMENT_OPTIONS, "element.update()");
    Object.assign(this.options, options);
    this.frame?.ask("dress", this.group.described(this));
    return this;
  }

  collapse() {
    this.frame?.ask("collapse");
    return this;
  }

  focus() {
    this.frame?.element.focus();
    this.frame?.ask("focus");
  }

  blur() {
    this.frame?.ask("blur");
  }

  clear() {
    this.frame?.ask("clear");
  }

  tell(event, details) {
    if (event === "change") {
      this.group.submitted = false;
    }
    const heard = this.emit(event, { elementType: "payment", ...details });
    if (event === "loaderror" && !heard) {
      console.error("Unhandled payment Element loaderror", details.error);
    }
  }

  mustExist() {
    if (this.destroyed) {
      throw new IntegrationError("This element was destroyed. Create another one.");
    }
  }
}

class Elements extends Emitter {
  constructor(account, options) {
    super();
    warnOfUnknown(options, GROUP_OPTIONS, "stripe.elements()");
    if (options.clientSecret && !intentOf(options.clientSecret)) {
      throw new IntegrationError(
        "clientSecret should be a client secret of the form ${id}_secret_${secret}.",
      );
    }
    if (!options.clientSecret && !options.mode) {
      throw new IntegrationError("Elements need a clientSecret, or a mode.");
    }
    this.account = account;
    this.options = { ...options };
    this.element = null;
    this.submitted = false;
  }

  get locale() {
    return this.options.locale ?? this.account.locale;
  }

  create(type, options = {}) {
    if (type !== "payment") {
      throw new IntegrationError(`The sandbox has no ${type} element, only payment.`);
    }
    if (this.element) {
      throw new IntegrationError("Can only create one Element of type payment.");
    }
    this.element = new PaymentElement(this, options);
    return this.element;
  }

  getElement(type) {
    return type === "payment" ? this.element : null;
  }

  async update(options) {
    warnOfUnknown(options, GROUP_OPTIONS, "elements.update()");
    const spoken = this.locale;
    Object.assign(this.options, options);
    const frame = this.element?.frame;
    if (frame && this.locale !== spoken) {
      this.element.mount(frame.element.parentElement);
    } else {
      await frame?.ask("restart", this.described(this.element));
    }
    this.emit("update-end");
  }

  async fetchUpdates() {
    const answer = await this.element?.frame?.ask(
      "restart",
      this.described(this.element),
    );
    return answer?.error ? { error: answer.error } : {};
  }

  async submit() {
    const answer = await this.mounted().ask("validate");
    this.submitted = !answer.error;
    return answer;
  }

  mounted() {
    if (!this.element?.frame) {
      throw new IntegrationError("Elements need a mounted Payment Element for this.");
    }
    return this.element.frame;
  }

  // Everything that the frame has to know; it can read nothing of the page.
  described(element) {
    const account = { ...this.account, locale: this.locale };
    // Whoever passes a function would get an error about cloning instead of a warning.
    return JSON.parse(
      JSON.stringify({ account, group: this.options, element: element.options }),
    );
  }
}
