// The form in the frame: which ways to pay it shows, what was typed, what is wrong.

import { methodData, problemWith } from "./fields.js";

const texts = JSON.parse(document.getElementById("texts").textContent);
const $ = (selector, within = document) => within.querySelector(selector);
const $$ = (selector, within = document) => [...within.querySelectorAll(selector)];

const form = $("form");
const kinds = $("[data-kinds]");
const saved = $("[data-saved]");
const keep = $("[data-keep]");
const inputsOf = (panel) => $$("[data-name]", panel).filter((one) => !one.closest("[hidden]"));

// Puts the cursor there, and the page's focus with it. Whoever pressed the page's button
// took the focus from this frame, which may hear of that only after it was asked.
function takeFocus(input) {
  if (document.hasFocus()) {
    const again = () => setTimeout(() => input.focus());
    window.addEventListener("blur", again, { once: true });
    setTimeout(() => window.removeEventListener("blur", again), 1000);
  }
  input.focus();
}

export class Form {
  constructor(onEvent) {
    this.onEvent = onEvent;
    this.methods = [];
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => this.typed(target));
    form.addEventListener("focusin", () => onEvent("focus", {}));
    form.addEventListener("focusout", ({ target, relatedTarget }) => {
      if (target.dataset.name && target.value) {
        this.check(target);
      }
      if (!relatedTarget) {
        onEvent("blur", {});
      }
    });
    form.addEventListener("keydown", ({ key }) => {
      if (key === "Escape") {
        onEvent("escape", {});
      }
    });
    form.addEventListener("click", ({ target }) => this.practise(target));
  }

  // Shows what the session allows: kinds in order, saved methods, a box to tick.
  offer({ kinds: offered, methods, keeps, options }) {
    this.methods = methods;
    const order = options.paymentMethodOrder ?? [];
    const place = (kind) => (order.indexOf(kind) + 1 || order.length + 1);
    this.kinds = [...offered].sort((one, other) => place(one) - place(other));
    kinds.dataset.layout = options.layout?.type ?? options.layout ?? "tabs";
    for (const kind of this.kinds) {
      kinds.append(...$$(`[data-kind="${kind}"]`, kinds));
    }
    $$("[data-kind]", kinds).forEach((one) => {
      one.dataset.offered = this.kinds.includes(one.dataset.kind);
    });
    $("legend", kinds).hidden = this.kinds.length < 2;
    kinds.dataset.single = this.kinds.length < 2;
    keep.hidden = !keeps;
    this.showSaved();
    this.arrange(options);
    const collapsed = options.layout?.defaultCollapsed && this.kinds.length > 1;
    this.choose(methods.length || collapsed ? null : this.kinds[0]);
  }

  // What the element's options say about fields, as far as it can be changed later.
  arrange({ readOnly = false, defaultValues = {}, fields = {}, business, terms = {} }) {
    form.inert = readOnly;
    const hidden = fields.billingDetails ?? {};
    const isHidden = { name: hidden.name, email: hidden.email };
    isHidden.country = hidden.address?.country ?? hidden.address;
    const known = { ...defaultValues.billingDetails };
    known.country = known.address?.country;
    for (const input of $$("[data-name]", form)) {
      const name = input.dataset.name;
      const never = hidden === "never" || isHidden[name] === "never";
      input.closest(".field").hidden = never && name in isHidden;
      if (!input.value && known[name]) {
        input.value = known[name];
      }
    }
    for (const words of $$("[data-promise]")) {
      const kind = words.closest("[data-kind]").dataset.kind;
      words.hidden = terms[kind.replace(/_(\w)/g, (_, letter) => letter.toUpperCase())] === "never";
      const seller = business?.name ?? texts.business;
      words.textContent = words.dataset.promise.replace("{business}", seller);
    }
  }

  showSaved() {
    saved.hidden = !this.methods.length;
    $$("label", saved).forEach((one) => one.remove());
    this.methods.forEach((method, index) => {
      const row = $("[data-saved-row]").content.cloneNode(true);
      const input = $("input", row);
      input.value = method.id;
      input.checked = index === 0;
      $("span", row).textContent = method.label;
      saved.append(row);
    });
    if (this.methods.length) {
      const row = $("[data-saved-row]").content.cloneNode(true);
      $("input", row).value = "";
      $("span", row).textContent = texts.another;
      saved.append(row);
    }
    this.showNew();
  }

  showNew() {
    const old = $("input:checked", saved)?.value;
    $("[data-new]").hidden = Boolean(old);
    if (!old && !this.kind && this.methods.length) {
      this.choose(this.kinds[0]);
    }
  }

  get method() {
    const id = saved.hidden ? "" : $("input:checked", saved)?.value;
    return this.methods.find((one) => one.id === id);
  }

  get panel() {
    return this.kind && $(`.panel[data-kind="${this.kind}"]`, kinds);
  }

  get inputs() {
    return this.panel ? inputsOf(this.panel) : [];
  }

  get values() {
    return Object.fromEntries(this.inputs.map((one) => [one.dataset.name, one.value]));
  }

  choose(kind) {
    this.kind = kind;
    for (const radio of $$("input[name=kind]", kinds)) {
      radio.checked = radio.value === kind;
    }
    for (const panel of $$(".panel", kinds)) {
      panel.hidden = panel.dataset.kind !== kind;
    }
    this.changed();
  }

  typed(target) {
    if (target.name === "kind") {
      this.choose(target.value);
    } else {
      if (target.name === "saved") {
        this.showNew();
      } else if (target.dataset.name) {
        this.show(target, "");
      }
      this.changed();
    }
  }

  changed() {
    this.onEvent("change", this.state());
  }

  state() {
    const { method, values } = this;
    const typed = Object.values(values);
    const fine = this.inputs.every((one) => !problemWith(one.dataset.name, one.value, values));
    const chosen = method && { id: method.id, type: method.type, billing_details: method.billing_details };
    return {
      collapsed: !method && !this.kind,
      complete: Boolean(method ?? (this.kind && fine)),
      empty: !method && typed.every((text) => !text),
      value: { type: method?.type ?? this.kind ?? "", payment_method: chosen },
    };
  }

  check(input) {
    const problem = problemWith(input.dataset.name, input.value, this.values);
    this.show(input, problem);
    return problem;
  }

  show(input, problem) {
    const [code, message] = texts.problems[problem] ?? ["", ""];
    const place = document.getElementById(`${input.id}_error`);
    place.textContent = message;
    place.hidden = !problem;
    input.classList.toggle("Input--invalid", Boolean(problem));
    input.setAttribute("aria-invalid", Boolean(problem));
    return { code, message };
  }

  // The first mistake, in Stripe's shape, with the cursor in it; or nothing.
  validate() {
    if (this.method) {
      return null;
    }
    if (!this.kind) {
      const [code, message] = texts.problems.nothing;
      return { type: "validation_error", code, message };
    }
    const wrong = this.inputs.filter((input) => this.check(input));
    if (!wrong.length) {
      return null;
    }
    const [first] = wrong;
    takeFocus(first);
    const { code, message } = this.show(first, this.check(first));
    return { type: "validation_error", code, message };
  }

  // What the bank said, next to the card it was about.
  refuse(error) {
    const input = this.inputs.find((one) => one.dataset.name === "number");
    const place = input && document.getElementById(`${input.id}_error`);
    if (place && error.type === "card_error") {
      place.textContent = error.message;
      place.hidden = false;
      input.setAttribute("aria-invalid", "true");
    }
  }

  // What was typed, as parameters; it counts more than what the page gave.
  data(given = {}) {
    const data = methodData(this.kind, this.values);
    const details = given.billing_details ?? {};
    const address = { ...details.address, ...data.billing_details.address };
    const typed = Object.entries(data.billing_details).filter(([, value]) => value);
    data.billing_details = { ...details, ...Object.fromEntries(typed), address };
    return { ...given, ...data };
  }

  get keeps() {
    return !keep.hidden && !this.method ? $("input", keep).checked : null;
  }

  practise(target) {
    const button = target.closest("[data-typed]");
    if (button) {
      const typed = JSON.parse(button.dataset.typed);
      for (const input of this.inputs) {
        input.value = typed[input.dataset.name] ?? input.value;
        this.show(input, "");
      }
      this.changed();
    }
  }

  clear() {
    for (const input of this.inputs) {
      input.value = "";
      this.show(input, "");
    }
    this.changed();
  }

  focus() {
    const first = this.method ? $("input:checked", saved) : this.inputs[0];
    (first ?? $("input", kinds))?.focus();
  }
}

export { texts };
