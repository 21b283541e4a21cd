// The command palette (Ctrl+K), the sheet of shortcuts (?), "g" and a letter for the pages of the menu, "/" for a page's search.
// Both dialogs are drawn by CommandPalette.razor; opening, closing and choosing happen here and wait for nobody.

const palette = () => document.querySelector("dialog[data-palette]");
const field = () => palette()?.querySelector("input");
const options = () => [...(palette()?.querySelectorAll("[role=option]") ?? [])];
const sequenceTime = 1500;
let started = null;
let watcher = null;
let chosen = false;

function select(option) {
  for (const other of options()) {
    other.setAttribute("aria-selected", String(other === option));
  }

  if (option) {
    field().setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  } else {
    field().removeAttribute("aria-activedescendant");
  }
}

function move(step) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  select(all[(at + step + all.length) % all.length]);
}

// Whoever types quickly and presses Enter means what fits all that was typed, not what is still shown.
function choose() {
  chosen = palette().dataset.answered !== field().value;
  if (!chosen) {
    options().find((option) => option.getAttribute("aria-selected") === "true")?.click();
  }
}

function onAnswer() {
  select(options()[0]);
  if (chosen) {
    choose();
  }
}

function open() {
  const dialog = palette();
  if (!dialog || dialog.open || document.querySelector("main[aria-busy]")) {
    return;
  }

  dialog.showModal();
  chosen = false;
  watcher ??= new MutationObserver(onAnswer);
  watcher.disconnect();
  watcher.observe(dialog, { childList: true, subtree: true, characterData: true, attributeFilter: ["data-answered"] });
  const input = field();
  input.value = "";
  input.focus();
  ask(5);
}

// What fits is asked for anew: what there is may have changed since. And again while there is nothing: a portal that was away just then
// has not heard it.
function ask(times) {
  const input = field();
  if (palette()?.open && input.value === "" && times > 0) {
    input.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => { if (options().length === 0) { ask(times - 1); } }, 2000);
  }
}

function openShortcuts() {
  palette()?.close();
  document.querySelector("dialog[data-shortcuts]")?.showModal();
}

function isTyping(target) {
  return target.closest("input, textarea, select, [contenteditable], .xterm, .monaco-editor") !== null;
}

document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    // Ctrl+K is a shell's: it cuts the rest of the line.
    if (!target.closest(".xterm")) {
      event.preventDefault();
      open();
    }

    return;
  }

  if (palette()?.open) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && options().length > 0) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose();
    }

    return;
  }

  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(target) || document.querySelector("dialog[open], [role=dialog]")) {
    started = null;
    return;
  }

  if (started !== null && event.timeStamp - started < sequenceTime) {
    started = null;
    const link = document.querySelector(`[data-shortcut="g ${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      link.click();
    }

    return;
  }

  started = null;
  if (event.key === "g") {
    started = event.timeStamp;
  } else if (event.key === "?") {
    event.preventDefault();
    openShortcuts();
  } else if (event.key === "/") {
    const search = document.querySelector("main input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
    }
  }
});

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : document.body;
  if (target.closest("[data-palette-open]")) {
    open();
  } else if (target.closest("[data-shortcuts-open]")) {
    openShortcuts();
  } else if (target.closest("[role=option]")?.closest("dialog[data-palette]") || target.matches("dialog.p-palette")) {
    // Chosen, or pressed beside it.
    target.closest("dialog").close();
  }
});
