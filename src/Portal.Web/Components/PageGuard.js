// Watches over the files of the page itself, so it stands in the page: inline, and before all of them. PageGuard.cs says how that is allowed.
// Browsers drop what they fetch when a network interface comes or goes, proxies hiccup, and Blazor tries a page's first connection only once:
// whoever is hit just then would sit before a page that takes no input. Such a page is loaded again, ever later and a few times at most.
(() => {
  const key = "portal-arrivals";
  const pauses = [500, 1000, 2000, 4000, 8000, 15000, 15000, 15000];
  const memory = 300000;
  const kept = JSON.parse(sessionStorage.getItem(key) ?? "{}");
  const tries = Date.now() - kept.time < memory ? kept.tries : 0;
  let isBroken = false;
  let isTrying = false;
  let hasEnded = false;
  let isTouched = false;
  let notice = null;

  const isLoaded = () => window.portalIsLoaded === true && typeof Blazor !== "undefined";
  const isArriving = () => document.querySelector("main[aria-busy]") !== null;
  const isWhole = () => !isBroken && isLoaded() && !isArriving();

  // The texts of scripts come with the page, if they came.
  function text(english) {
    try {
      return JSON.parse(document.getElementById("portal-texts").textContent)[english] ?? english;
    } catch {
      return english;
    }
  }

  function tell(words, isLast) {
    if (notice === null) {
      notice = document.createElement("div");
      notice.className = "p-reconnect p-guard";
      notice.setAttribute("role", "status");
      document.body.append(notice);
    }

    const card = document.createElement("div");
    card.className = "p-reconnect-card";
    const said = document.createElement("p");
    said.textContent = words;
    if (isLast) {
      const link = document.createElement("a");
      link.href = location.pathname + location.search;
      link.textContent = text("Load it again");
      link.addEventListener("click", (event) => {
        // Not location.reload(), which would send a form once more.
        event.preventDefault();
        sessionStorage.removeItem(key);
        location.replace(link.href);
      });
      said.append(" ", link);
    } else {
      const spinner = document.createElement("span");
      spinner.className = "p-spinner";
      spinner.setAttribute("aria-hidden", "true");
      card.append(spinner);
    }

    card.append(said);
    notice.replaceChildren(card);
  }

  // A page that can't be had would only be followed by the browser's own about that.
  async function answers() {
    try {
      return (await fetch("healthz", { cache: "no-store" })).ok;
    } catch {
      return false;
    }
  }

  async function loadAgain() {
    if (isTrying) {
      return;
    }

    isTrying = true;
    if (document.body === null) {
      await new Promise((resolve) => addEventListener("DOMContentLoaded", resolve, { once: true }));
    }

    // What was typed, and the answer to what was sent, are not thrown away unasked.
    const mayReload = () => !isTouched && document.documentElement.dataset.answer !== "posted";
    for (let attempt = tries; attempt < pauses.length && mayReload(); attempt++) {
      tell(text("The page did not load whole. Loading it again…"), false);
      await new Promise((resolve) => setTimeout(resolve, pauses[attempt]));
      if (isWhole()) {
        notice.remove();
        notice = null;
        isTrying = false;
        return;
      }

      sessionStorage.setItem(key, JSON.stringify({ tries: attempt + 1, time: Date.now() }));
      if (mayReload() && await answers()) {
        location.reload();
        return;
      }
    }

    tell(text("The page did not load whole, and may not work."), true);
  }

  addEventListener("error", (event) => {
    // What scripts add later is theirs to care for.
    if (!hasEnded && event.target instanceof Element && event.target.matches("script[src], link[rel=stylesheet]")) {
      isBroken = true;
      loadAgain();
    }
  }, true);

  addEventListener("unhandledrejection", () => {
    if (isArriving()) {
      loadAgain();
    }
  });

  // By then all scripts ran, or never will: the end of the page may be what was cut off.
  addEventListener("load", () => {
    hasEnded = true;
    if (!isLoaded()) {
      loadAgain();
    }
  });

  addEventListener("input", () => {
    isTouched = true;
  }, true);

  // Given more time from one try to the next, since the machine may just be slow.
  setTimeout(() => {
    if (isWhole()) {
      sessionStorage.removeItem(key);
    } else {
      loadAgain();
    }
  }, 10000 * Math.min(tries + 1, 4));
})();
