// What somebody types is held by the portal until it is saved. When the portal was started anew the page is loaded again and begins empty:
// what stood in its fields is carried over, in this tab alone, and put in again once the page stands. Not passwords, and not files.

import { text } from "./texts.js";

const key = "portal-typed";
const longest = 1024 * 1024;
const latest = 10 * 60 * 1000;
const untilLive = 60_000;
const untilThere = 20_000;
const fields = "input:not([type=password], [type=file], [type=hidden], [type=search]), textarea, select";
const touched = new Set();

const isCut = () => /components-reconnect-(show|retrying|failed|rejected|paused|resume)/.test(document.getElementById("components-reconnect-modal")?.className ?? "");
const here = () => location.pathname + location.search;

// An editor of code is a surface before a plain field.
const fieldOf = (target) => target.closest(".p-editor-surface")?.parentElement?.querySelector("[data-editor-text]") ?? target;
const editorOf = (field) => field.matches("[data-editor-text]") ? field.parentElement?.editor : undefined;

// By what it is called: ids are the pages' own, labels are what people know it by.
const nameOf = (field) => field.id || field.getAttribute("name") || field.getAttribute("aria-label") || "";
const alike = (name, tag) => [...document.querySelectorAll(`main ${tag}`)].filter((field) => nameOf(field) === name);

function keep() {
  const kept = [];
  for (const field of touched) {
    if (field.isConnected && field.matches(fields)) {
      const [name, tag] = [nameOf(field), field.localName];
      const value = field.type === "checkbox" || field.type === "radio" ? field.checked : editorOf(field)?.getValue() ?? field.value;
      kept.push({ name, tag, index: alike(name, tag).indexOf(field), value });
    }
  }

  const written = JSON.stringify({ address: here(), at: Date.now(), kept });
  if (kept.length > 0 && written.length <= longest) {
    sessionStorage.setItem(key, written);
  }
}

function put(field, value) {
  const editor = editorOf(field);
  if (editor) {
    editor.setValue(value);
  } else if (typeof value === "boolean") {
    if (field.checked !== value) { field.click(); }
  } else {
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  touched.add(field);
}

async function wait(look, patience) {
  for (const until = Date.now() + patience; Date.now() < until;) {
    const found = look();
    if (found) {
      return found;
    }

    await new Promise((resolve) => setTimeout(resolve, 100));
  }

  return null;
}

// Some fields are there only when others have their value.
const find = ({ name, tag, index }) => wait(() => {
  const field = alike(name, tag)[index];
  const isReady = field && !field.matches(":disabled") && (!field.matches("[data-editor-text]") || field.parentElement.dataset.ready);
  return isReady ? field : null;
}, untilThere);

async function restore() {
  const { address, at, kept } = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  sessionStorage.removeItem(key);
  if (address !== here() || Date.now() - at > latest) {
    return;
  }

  await wait(() => document.querySelector("main:not([aria-busy])"), untilLive);
  let count = 0;
  for (const item of kept) {
    const field = await find(item);
    if (field) {
      put(field, item.value);
      count++;
    }
  }

  if (count > 0) {
    say(text("The portal was started anew. What you had typed is here again; it is not saved yet."));
  }
}

function say(what) {
  const notice = document.createElement("p");
  notice.className = "p-typed";
  notice.setAttribute("role", "status");
  notice.textContent = what;
  document.body.append(notice);
  setTimeout(() => notice.remove(), 10_000);
}

document.addEventListener("input", (event) => {
  if (event.target instanceof Element && event.target.closest("main")) {
    touched.add(fieldOf(event.target));
  }
});

// Whatever loads the page again while the connection is gone.
addEventListener("pagehide", () => {
  if (isCut()) {
    keep();
  }
});

restore();
