// Small things that need no circuit: theme, menu, copying, times. Listens on the document, so it also serves what Blazor draws later.

import "./list.js";
import { locale, text } from "./texts.js";
import { zone } from "./zone.js";

const root = document.documentElement;
const cookieAge = 60 * 60 * 24 * 365;

function currentTheme() {
  const chosen = root.dataset.theme;
  if (chosen === "light" || chosen === "dark") {
    return chosen;
  }

  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

function setTheme(theme) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `portal-theme=${theme}; Path=/; Max-Age=${cookieAge}; SameSite=Lax${secure}`;
  root.dataset.theme = theme;
  for (const sheet of document.querySelectorAll("link[data-theme-sheet]")) {
    sheet.media = sheet.dataset.themeSheet === theme ? "all" : "not all";
  }

  // Terminals and charts draw their colours themselves.
  document.dispatchEvent(new CustomEvent("portal:theme", { detail: theme }));
}

// Read by the server when it answers the next page: circuits keep the language in which they were opened.
function setLanguage(code) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `portal-language=${code}; Path=/; Max-Age=${cookieAge}; SameSite=Lax${secure}`;
  location.reload();
}

async function copy(button) {
  const text = button.dataset.copy;
  if (navigator.clipboard && window.isSecureContext) {
    await navigator.clipboard.writeText(text);
  } else {
    // Without TLS, away from localhost, browsers have only the old way.
    const area = document.createElement("textarea");
    area.value = text;
    area.className = "p-offscreen";
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
  }

  button.classList.add("p-copied");
  setTimeout(() => button.classList.remove("p-copied"), 1500);
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (menu !== except) {
      menu.open = false;
    }
  }
}

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  closeMenus(target?.closest("details[data-menu]"));
  if (target?.closest("[data-theme-toggle]")) {
    setTheme(currentTheme() === "dark" ? "light" : "dark");
  } else if (target?.closest("[data-nav-toggle]")) {
    document.body.classList.toggle("p-nav-open");
  } else if (target?.closest("[data-nav-close]")) {
    document.body.classList.remove("p-nav-open");
  } else if (target?.closest("[data-skip]")) {
    // The document's base is the dashboard: without this the link would lead there.
    event.preventDefault();
    document.getElementById("main")?.focus();
  } else if (target?.closest("[data-reload]")) {
    event.preventDefault();
    location.reload();
  } else if (target?.closest("[data-copy]")) {
    copy(target.closest("[data-copy]"));
  }
});

// Once the portal answers again without knowing this page any more (it was started anew), there is nothing to wait for.
// Nor when it answers again and never heard which page was gone to meanwhile: it would go on to show the one before.
function addressWithoutHash(address) {
  return new URL(address, document.baseURI).href.split("#")[0];
}

function showWhereWeAre() {
  const shown = document.querySelector("main[data-address]")?.dataset.address;
  if (shown !== undefined && addressWithoutHash(shown) !== addressWithoutHash(location.href)) {
    location.reload();
  }
}

const reconnect = document.getElementById("components-reconnect-modal");
if (reconnect) {
  new MutationObserver(() => {
    if (reconnect.classList.contains("components-reconnect-rejected")) {
      location.reload();
    } else if (reconnect.classList.contains("components-reconnect-hide")) {
      // What was drawn meanwhile comes first.
      setTimeout(showWhereWeAre, 1000);
    }
  }).observe(reconnect, { attributes: true, attributeFilter: ["class"] });
}

document.addEventListener("change", (event) => {
  if (event.target instanceof HTMLSelectElement && "languageChoice" in event.target.dataset) {
    setLanguage(event.target.value);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    closeMenus(null);
    document.body.classList.remove("p-nav-open");
  }
});

const absolute = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium", timeZone: zone });
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "medium", timeZone: zone });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
const steps = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
];

function describe(time) {
  const seconds = Math.round((time - Date.now()) / 1000);
  for (const [unit, size] of steps) {
    if (Math.abs(seconds) >= size) {
      return relative.format(Math.trunc(seconds / size), unit);
    }
  }

  return Math.abs(seconds) < 5 ? text("just now") : relative.format(seconds, "second");
}

// <portal-time datetime="..." form="relative|absolute|clock">: a moment in the reader's own language and zone.
class PortalTime extends HTMLElement {
  static observedAttributes = ["datetime", "form"];

  connectedCallback() {
    this.draw();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  attributeChangedCallback() {
    this.draw();
  }

  draw() {
    // Only what says how long ago it was changes by itself: a log has thousands of the others.
    const form = this.getAttribute("form");
    clearInterval(this.timer);
    this.timer = this.isConnected && form === "relative" ? setInterval(() => this.write(), 5000) : undefined;
    this.write();
  }

  write() {
    const time = new Date(this.getAttribute("datetime"));
    if (Number.isNaN(time.getTime())) {
      return;
    }

    const full = absolute.format(time);
    const form = this.getAttribute("form");
    this.textContent = form === "absolute" ? full : form === "clock" ? clock.format(time) : describe(time);
    this.title = full;
  }
}

customElements.define("portal-time", PortalTime);

// <portal-arrival page="...">: takes the focus to the heading of a page that was gone to, so that who listens to the page hears where
// that is. In the browser and with the drawing itself: the framework's way asks the browser after a round trip, and takes the focus from
// a field in which a person types by then.
class PortalArrival extends HTMLElement {
  static observedAttributes = ["page"];

  disconnectedCallback() {
    this.watcher?.disconnect();
  }

  attributeChangedCallback() {
    this.watcher?.disconnect();
    // The heading may be drawn after this, or when what the page shows was read.
    queueMicrotask(() => {
      if (this.isConnected && !this.arrive()) {
        this.watcher = new MutationObserver(() => this.arrive() && this.watcher.disconnect());
        this.watcher.observe(document.body, { childList: true, subtree: true });
      }
    });
  }

  // True when there is no more to wait for. What led here, a link of the menu, may lose the focus; what is in the page may not.
  arrive() {
    const focused = document.activeElement;
    const heading = document.querySelector("h1");
    if (focused?.closest("main, dialog, [role=dialog], input, textarea, select, [contenteditable]")) {
      return true;
    }

    if (heading && !heading.closest("dialog")) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }

    return heading !== null;
  }
}

customElements.define("portal-arrival", PortalArrival);

// Radzen gives a dialog's first field the focus half a second after it opened: not away from who types in another one by then.
if (window.Radzen) {
  const focusFirst = Radzen.focusFirstFocusableElement;
  Radzen.focusFirstFocusableElement = (dialog) => {
    if (!dialog.contains(document.activeElement)) {
      focusFirst(dialog);
    }
  };
}

// The page guard loads a page again that did not get this far.
window.portalIsLoaded = true;
