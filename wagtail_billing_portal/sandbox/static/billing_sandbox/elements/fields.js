// What can be wrong with something typed: a code in Stripe's words, or nothing.

const digitsOf = (text) => text.normalize("NFKC").replace(/[\s-]/g, "");

function passesLuhn(digits) {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const value = Number(digit) * (place % 2 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

export function expiryOf(text) {
  const found = /^\s*(\d{1,2})\s*[/ .-]?\s*(\d{2}|\d{4})\s*$/.exec(text);
  if (!found || found[1] < 1 || found[1] > 12) {
    return null;
  }
  const year = Number(found[2]);
  return { month: Number(found[1]), year: year > 99 ? year : 2000 + year };
}

const isAmex = (number) => /^3[47]/.test(number);

function isIban(text) {
  const iban = digitsOf(text).toUpperCase();
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{8,30}$/.test(iban)) {
    return false;
  }
  const signs = [...iban.slice(4), ...iban.slice(0, 4)];
  return signs.map((sign) => parseInt(sign, 36)).join("") // prettier-ignore
    .match(/\d{1,7}/g)
    .reduce((rest, part) => Number(`${rest}${part}`) % 97, "") === 1;
}

const CHECKS = {
  number(text) {
    const number = digitsOf(text);
    if (!/^\d{12,19}$/.test(number)) {
      return "incomplete_number";
    }
    return passesLuhn(number) ? "" : "invalid_number";
  },
  expiry(text) {
    const expiry = expiryOf(text);
    if (!expiry) {
      return "incomplete_expiry";
    }
    const today = new Date();
    const months = (expiry.year - today.getFullYear()) * 12 + expiry.month - 1;
    if (months < today.getMonth()) {
      return "invalid_expiry_year_past";
    }
    return months > 50 * 12 + 11 ? "invalid_expiry_year" : "";
  },
  cvc(text, values) {
    const length = isAmex(digitsOf(values.number ?? "")) ? 4 : 3;
    return new RegExp(`^\\d{${length}}$`).test(digitsOf(text)) ? "" : `cvc_${length}`;
  },
  iban: (text) => (isIban(text) ? "" : "invalid_iban"),
  email: (text) => (/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text.trim()) ? "" : "invalid_email"),
};

export function problemWith(name, text, values) {
  if (!text.trim()) {
    return `empty_${name}`;
  }
  return CHECKS[name]?.(text, values) ?? "";
}

// What was typed, as Stripe's API takes it.
export function methodData(kind, values) {
  const { number, expiry, cvc, country, name, email, ...account } = values;
  const details = { name, email, address: country ? { country } : undefined };
  const data = { type: kind, billing_details: details };
  if (kind === "card") {
    const { month, year } = expiryOf(expiry);
    data.card = {
      number: digitsOf(number),
      exp_month: month,
      exp_year: year,
      cvc: digitsOf(cvc),
    };
  } else if (Object.keys(account).length) {
    data[kind] = Object.fromEntries(
      Object.entries(account).map(([field, text]) => [field, digitsOf(text)]),
    );
  }
  return data;
}
