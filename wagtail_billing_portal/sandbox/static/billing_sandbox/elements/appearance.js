// The site's look, as far as Stripe's Appearance API lets it in.

const root = document.documentElement;
const sheet = new CSSStyleSheet();
const SELECTOR = /^\.[A-Z][A-Za-z]*(--[a-z]+)?(:{1,2}[a-z-]+)*$/;
let worn = [];

document.adoptedStyleSheets = [sheet];

export function dress(appearance = {}) {
  root.dataset.theme = appearance.theme ?? "stripe";
  worn.forEach((name) => root.style.removeProperty(name));
  worn = Object.entries(appearance.variables ?? {}).map(([name, value]) => {
    root.style.setProperty(`--${name}`, value);
    return `--${name}`;
  });
  sheet.replaceSync("");
  for (const [selector, declarations] of Object.entries(appearance.rules ?? {})) {
    if (!SELECTOR.test(selector)) {
      console.warn(`elements(): ${selector} is not a selector that rules can have.`);
      continue;
    }
    const index = sheet.insertRule(`${selector} {}`, sheet.cssRules.length);
    Object.assign(sheet.cssRules[index].style, declarations);
  }
}

// Or else browsers paint something opaque behind a frame.
export function scheme() {
  return getComputedStyle(root).colorScheme;
}
