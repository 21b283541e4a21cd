// <portal-list>: the box in which a live list scrolls. Rows that come or go above those in view push them away from under the pointer: the
// list is scrolled by as much, before anything is drawn. The table says by data-version that rows came or went; what is drawn while
// somebody scrolls, searches or sorts says nothing and is left alone.
class PortalList extends HTMLElement {
  places = new Map();
  scrolled = 0;

  connectedCallback() {
    this.style.overflowAnchor = "none";
    this.onscroll = () => this.note();
    this.watcher = new MutationObserver((changes) => this.hold(changes));
    this.watcher.observe(this, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-version"] });
    this.note();
  }

  disconnectedCallback() {
    this.watcher.disconnect();
    this.places.clear();
  }

  // Where the rows are that can be seen.
  note() {
    const box = this.getBoundingClientRect();
    this.places.clear();
    this.scrolled = this.scrollTop;
    for (const row of this.querySelectorAll("tbody tr")) {
      const place = row.getBoundingClientRect();
      if (row.cells.length > 0 && place.bottom > box.top && place.top < box.bottom) {
        this.places.set(row, place.top - box.top);
      }
    }
  }

  hold(changes) {
    // At the top, with nobody pointing at a row, what comes first is what one wants to see.
    const watched = this.scrollTop > 0 || this.querySelector("tbody tr:hover") !== null;
    if (watched && changes.some((change) => change.type === "attributes")) {
      const top = this.getBoundingClientRect().top;
      const moved = [...this.places]
        .filter(([row]) => row.isConnected)
        .map(([row, place]) => Math.round(row.getBoundingClientRect().top - top - place + this.scrollTop - this.scrolled))
        .sort((one, other) => one - other);

      // Most of them: a row that changed its place among the others is not followed.
      const shift = moved.length > 0 ? moved[Math.floor(moved.length / 2)] : 0;
      if (shift !== 0) {
        this.scrollTop += shift;
      }
    }

    this.note();
  }
}

customElements.define("portal-list", PortalList);
