// Where the script came from, there the frames come from. Card data is typed in
// them and never seen by the page around them.

const base = new URL("..", document.currentScript.src).href.replace(/\/$/, "");
const origin = new URL(base).origin;

class IntegrationError extends Error {
  constructor(message) {
    super(message);
    this.name = "IntegrationError";
  }
}

// Says of every option that it is not known here, as Stripe.js does.
function warnOfUnknown(options, known, where) {
  for (const name of Object.keys(options ?? {})) {
    if (!known.includes(name)) {
      console.warn(`${where}: ${name} is not a parameter that the sandbox knows.`);
    }
  }
}

function placeFor(location) {
  const place =
    typeof location === "string" ? document.querySelector(location) : location;
  if (!(place instanceof HTMLElement)) {
    throw new IntegrationError(
      `The place to mount at (${location}) is no element of this page.`,
    );
  }
  return place;
}

function anIframe(path, title) {
  const frame = document.createElement("iframe");
  frame.src = `${base}/${path}`;
  frame.title = title;
  Object.assign(frame.style, {
    border: "0",
    colorScheme: "normal",
    display: "block",
    height: "1px",
    minHeight: "1px",
    width: "100%",
  });
  return frame;
}

// Calls back for each message from a frame's own page; gives how to stop that.
function hear(frame, callback) {
  const listener = (event) => {
    if (event.source === frame.contentWindow && event.origin === origin) {
      callback(event.data);
    }
  };
  window.addEventListener("message", listener);
  return () => window.removeEventListener("message", listener);
}

// While a pointer is down nothing moves under it: leaving a field may show what is wrong
// there, and the button that was pressed would be elsewhere when it is released.
let isPressed = false;
const postponed = [];

function whenReleased(callback) {
  if (isPressed) {
    postponed.push(callback);
  } else {
    callback();
  }
}

function release() {
  // The click comes after this event.
  setTimeout(() => {
    isPressed = false;
    postponed.splice(0).forEach((callback) => callback());
  });
}

window.addEventListener("pointerdown", () => (isPressed = true), true);
window.addEventListener("pointerup", release, true);
window.addEventListener("pointercancel", release, true);

// A frame that is asked things, over a channel that nobody else can listen to.
class Frame {
  constructor({ path, title, onEvent }) {
    this.element = anIframe(path, title);
    this.onEvent = onEvent;
    this.asked = new Map();
    this.number = 0;
    this.connected = new Promise((resolve) => {
      this.element.addEventListener("load", () => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = ({ data }) => this.receive(data);
        this.element.contentWindow.postMessage("connect", origin, [port2]);
        resolve(port1);
      });
    });
  }

  async ask(what, details = {}) {
    const port = await this.connected;
    const id = (this.number += 1);
    const answer = new Promise((resolve) => this.asked.set(id, resolve));
    port.postMessage({ id, what, details });
    return answer;
  }

  receive({ id, answer, event, details }) {
    if (event === "resize") {
      whenReleased(() => {
        this.element.style.height = `${details.height}px`;
        this.element.style.colorScheme = details.scheme;
      });
    } else if (event) {
      this.onEvent(event, details);
    } else {
      this.asked.get(id)?.(answer);
      this.asked.delete(id);
    }
  }
}
