// The object that pages hold: `Stripe("pk_test_sandbox...")`.

const STRIPE_OPTIONS = ["apiVersion", "locale", "stripeAccount"];

class SandboxStripe {
  #account;

  constructor(key, options) {
    this.#account = {
      base,
      key,
      apiVersion: options.apiVersion,
      locale: options.locale ?? "auto",
      stripeAccount: options.stripeAccount,
    };
  }

  elements(options = {}) {
    return new Elements(this.#account, options);
  }

  confirmPayment(options) {
    return this.#confirm("payment_intent", "stripe.confirmPayment()", options);
  }

  confirmSetup(options) {
    return this.#confirm("setup_intent", "stripe.confirmSetup()", options);
  }

  async handleNextAction({ clientSecret }) {
    const account = this.#account;
    mustBeSecret(clientSecret, null, "stripe.handleNextAction()");
    const intent = await retrieve(account, clientSecret);
    return resultOf(intent.error ? intent : await settled(account, intent));
  }

  retrievePaymentIntent(clientSecret) {
    return this.#retrieve("payment_intent", clientSecret);
  }

  retrieveSetupIntent(clientSecret) {
    return this.#retrieve("setup_intent", clientSecret);
  }

  async createPaymentMethod(options) {
    if (options.elements) {
      const params = options.params ?? {};
      return this.#typed("paymentMethod", options.elements, "method", params);
    }
    if (options.card?.number) {
      throw new IntegrationError("Card numbers are typed in an element, never here.");
    }
    const made = await callStripe(this.#account, "POST", "payment_methods", options);
    return made.error ? { error: made.error } : { paymentMethod: made };
  }

  createConfirmationToken({ elements, params = {} }) {
    return this.#typed("confirmationToken", elements, "token", params);
  }

  createEmbeddedCheckoutPage(options) {
    return EmbeddedCheckout.create(options);
  }

  registerAppInfo() {}

  _registerWrapper() {}

  async #typed(name, elements, what, params) {
    const frame = elements.mounted();
    if (elements.options.mode && !elements.submitted) {
      throw new IntegrationError("elements.submit() must be called before this.");
    }
    const made = await frame.ask(what, { params });
    return made.error ? { error: made.error } : { [name]: made };
  }

  async #retrieve(kind, clientSecret) {
    mustBeSecret(clientSecret, kind, "stripe.retrieve...()");
    const intent = await retrieve(this.#account, clientSecret);
    return intent.error ? { error: intent.error } : { [CAMEL[kind]]: intent };
  }

  async #confirm(kind, where, options) {
    const { elements, confirmParams = {}, redirect = "always" } = options;
    warnOfUnknown(
      options,
      ["clientSecret", "confirmParams", "elements", "redirect"],
      where,
    );
    const clientSecret = options.clientSecret ?? elements?.options.clientSecret;
    mustBeSecret(clientSecret, kind, where);
    if (redirect !== "if_required" && !confirmParams.return_url) {
      throw new IntegrationError(`${where} needs confirmParams.return_url.`);
    }
    const intent = await this.#sendOff(kind, where, clientSecret, options);
    if (intent.error) {
      return { error: intent.error };
    }
    const result = resultOf(await settled(this.#account, intent));
    if (result.error || redirect === "if_required") {
      return result;
    }
    return leaveFor(wayBack(confirmParams.return_url, result[CAMEL[kind]]));
  }

  async #sendOff(kind, where, clientSecret, { elements, confirmParams = {} }) {
    const params = {
      ...confirmParams,
      client_secret: clientSecret,
      use_stripe_sdk: true,
    };
    const path = `${intentOf(clientSecret).path}/confirm`;
    if (!elements) {
      return callStripe(this.#account, "POST", path, params);
    }
    if (elements.options.mode && !elements.submitted) {
      throw new IntegrationError(`elements.submit() must be called before ${where}.`);
    }
    return elements.mounted().ask("confirm", { path, params });
  }
}

function mustBeSecret(clientSecret, kind, where) {
  const intent = intentOf(clientSecret);
  if (!intent || (kind && intent.kind !== kind)) {
    throw new IntegrationError(
      `Invalid value for ${where} clientSecret: value should be a client secret of ` +
        `the form \${id}_secret_\${secret}${kind ? ` of a ${kind}` : ""}.`,
    );
  }
}

window.Stripe = (key, options = {}) => {
  if (typeof key !== "string" || !key.startsWith("pk_test_sandbox")) {
    throw new IntegrationError(
      "The sandbox takes only publishable keys that begin with pk_test_sandbox.",
    );
  }
  warnOfUnknown(options, STRIPE_OPTIONS, "Stripe()");
  return new SandboxStripe(key, options);
};
