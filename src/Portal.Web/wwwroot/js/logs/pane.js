// Shows the lines of a store: only the rows in sight are in the document, however many are held. While the reader is not at the end, nothing
// moves under them: the line at the top of the window stays where it is, whatever comes before it, after it, or is filtered away.

import { drawRow } from './row.js';

const rowHeight = 20;
const beyond = 15;

export class LogPane {
  /** @param view what rows have in common; and changed(), needOlder(), needNewer(), emptyText(), edgeText() */
  constructor(host, store, view) {
    this.host = host;
    this.store = store;
    this.view = view;
    this.shown = [];
    this.tops = new Float64Array(1);
    this.rowsOf = new Map();
    this.following = true;
    this.anchor = null;
    host.tabIndex = 0;
    this.spacer = host.appendChild(element('div', 'log-spacer'));
    this.edge = this.spacer.appendChild(element('div', 'log-edge'));
    this.rows = this.spacer.appendChild(element('div', 'log-rows'));
    this.empty = host.appendChild(element('p', 'log-empty'));
    this.listeners = new AbortController();
    const options = { passive: true, signal: this.listeners.signal };
    host.addEventListener('scroll', () => this.scrolled(), options);
    // At once, not when the scrolling has got far enough: nobody scrolls against new lines.
    host.addEventListener('wheel', event => { if (event.deltaY < 0) { this.leaveEnd(); } }, options);
    host.addEventListener('keydown', event => { if (['PageUp', 'ArrowUp', 'Home'].includes(event.key)) { this.leaveEnd(); } }, options);
    this.observer = new ResizeObserver(() => { this.forget(); this.draw(); });
    this.observer.observe(host);
    this.refilter();
  }

  /** All lines anew: the store or the filter is another. */
  refilter() {
    this.shown = [];
    const begin = this.store.bound(this.store.begin);
    for (let index = 0; index < begin; index++) { this.store.lines[index].visible = false; }
    this.take(begin);
    this.draw();
  }

  /** As before, but every row is drawn anew. */
  redrawAll() {
    for (const row of this.rowsOf.values()) { row.remove(); }
    this.rowsOf.clear();
    this.forget();
    this.refilter();
  }

  /** Lines from a place on are new; those that stood there before have moved. */
  changed({ place, moved }) {
    if (this.begun !== this.store.begin || this.ended !== this.store.end || place < this.store.bound(this.begun)) { this.refilter(); return; }
    this.shown.length -= moved.filter(line => line.visible).length;
    this.take(place);
    this.draw();
  }

  take(place) {
    [this.begun, this.ended] = [this.store.begin, this.store.end];
    this.stale = true;
    const { lines } = this.store;
    const { test } = this.view;
    for (let index = place; index < lines.length; index++) {
      const line = lines[index];
      line.visible = line.at <= this.ended && (!test || test(line));
      if (line.visible) { this.shown.push(line); }
    }
  }

  /** The oldest lines are gone from the store. */
  trimmed(gone) {
    this.shown.splice(0, gone.filter(line => line.visible).length);
    this.stale = true;
    this.begun = this.store.begin;
  }

  toEnd() { this.following = true; this.anchor = null; this.revealed = null; this.draw(); }

  /** Brings a line into the middle of the window. */
  reveal(line) {
    this.following = false;
    this.anchor = null;
    this.revealed = line;
    this.draw();
  }

  leaveEnd() {
    if (this.host.scrollTop <= 0 || !this.following) { return; }
    this.following = false;
    this.remember();
    this.view.changed();
  }

  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.host;
    const up = scrollTop < (this.lastTop ?? 0) - 1;
    if (Math.abs(scrollTop - (this.setTop ?? -1)) < 1.5) { this.lastTop = scrollTop; this.draw(); return; }
    this.setTop = undefined;
    this.lastTop = scrollTop;
    const following = !up && scrollHeight - scrollTop - clientHeight < 4;
    if (up || !following) { this.remember(); }
    if (following !== this.following) { this.following = following; this.view.changed(); }
    this.draw();
  }

  // The line at the top of the window, and where it stands: when it stands elsewhere later, the window goes with it.
  remember() {
    // Lines have come and are not drawn yet: where the window stood before is still what holds.
    if (this.stale) { return; }
    const index = this.indexAt(this.host.scrollTop - this.edge.offsetHeight);
    this.anchor = this.shown[index] ? { line: this.shown[index], top: this.tops[index] } : null;
  }

  draw() {
    if (this.drawing) { return; }
    this.drawing = true;
    requestAnimationFrame(() => { this.drawing = false; if (!this.disposed) { this.render(); } });
  }

  forget() { for (const line of this.store.lines) { line.height = 0; } }

  render() {
    const total = this.shown.length;
    this.empty.hidden = total > 0;
    if (total === 0) { this.empty.textContent = this.view.emptyText(this); }
    this.edge.replaceChildren(...this.view.edge(this));
    this.host.classList.toggle('log-wrap', this.view.wrap);
    // Heights of rows that were not drawn yet are guessed, which takes another look once they are.
    for (let look = 0; look < 3; look++) {
      this.measure();
      this.spacer.style.height = `${this.tops[total] + this.edge.offsetHeight}px`;
      this.place();
      const top = this.host.scrollTop - this.edge.offsetHeight;
      const from = Math.max(0, this.indexAt(top) - beyond);
      let to = from;
      while (to < total && this.tops[to] < top + this.host.clientHeight + beyond * rowHeight) { to++; }
      this.rows.style.transform = `translateY(${this.tops[from]}px)`;
      this.fill(from, to);
      if (!this.correct()) { break; }
    }
    this.revealed = null;
    this.ask();
  }

  // Only when it must: setting the place breaks off a scrolling that is under way.
  place() {
    let wanted = this.host.scrollTop;
    if (this.following) { wanted = Math.max(0, this.host.scrollHeight - this.host.clientHeight); }
    else if (this.revealed && this.shown[this.revealed.index] === this.revealed) {
      wanted = Math.max(0, this.tops[this.revealed.index] - this.host.clientHeight / 2);
    } else {
      const index = this.anchorIndex();
      if (index >= 0) {
        wanted += this.tops[index] - this.anchor.top;
        this.anchor.top = this.tops[index];
      }
    }
    if (Math.abs(this.host.scrollTop - wanted) >= 1) {
      this.host.scrollTop = wanted;
      this.setTop = this.host.scrollTop;
      if (this.revealed) { this.remember(); }
    }
    this.lastTop = this.host.scrollTop;
  }

  anchorIndex() {
    if (!this.anchor || this.shown.length === 0) { return -1; }
    const index = this.anchor.line.index;
    if (this.shown[index] === this.anchor.line) { return index; }
    // It is filtered away or gone: the next one then.
    const next = Math.min(lowerBound(this.shown, this.anchor.line.at), this.shown.length - 1);
    this.host.scrollTop = this.tops[next] + this.edge.offsetHeight;
    this.anchor = { line: this.shown[next], top: this.tops[next] };
    return next;
  }

  measure() {
    const total = this.shown.length;
    if (this.tops.length < total + 1) { this.tops = new Float64Array(Math.max(1024, (total + 1) * 2)); }
    const columns = Math.max(20, Math.floor((this.host.clientWidth - 180) / 7.8));
    let top = 0;
    for (let index = 0; index < total; index++) {
      const line = this.shown[index];
      line.index = index;
      this.tops[index] = top;
      top += line.height || (this.view.wrap ? rowHeight * Math.max(1, Math.ceil(line.text.length / columns)) : rowHeight);
    }
    this.tops[total] = top;
    this.stale = false;
  }

  indexAt(top) {
    let [low, high] = [0, this.shown.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.tops[middle + 1] <= top) { low = middle + 1; } else { high = middle; }
    }
    return Math.min(low, Math.max(0, this.shown.length - 1));
  }

  // Rows that stay are left alone, so that a selection in them stays too.
  fill(from, to) {
    const wanted = this.shown.slice(from, to);
    const staying = new Set(wanted);
    for (const [line, row] of this.rowsOf) {
      if (!staying.has(line)) { row.remove(); this.rowsOf.delete(line); }
    }
    let next = this.rows.firstChild;
    for (const line of wanted) {
      let row = this.rowsOf.get(line);
      if (!row) { row = drawRow(line, this.view); this.rowsOf.set(line, row); }
      if (row === next) { next = next.nextSibling; } else { this.rows.insertBefore(row, next); }
    }
    while (next) { const after = next.nextSibling; next.remove(); next = after; }
  }

  // Only rows that wrap or are unfolded have heights of their own.
  correct() {
    let wrong = false;
    for (const [line, row] of this.rowsOf) {
      const height = this.view.wrap || line.open ? row.offsetHeight : rowHeight;
      if (height > 0 && height !== (line.height || this.tops[line.index + 1] - this.tops[line.index])) { wrong = true; }
      line.height = height;
    }
    return wrong;
  }

  redraw(line) {
    this.rowsOf.get(line)?.remove();
    this.rowsOf.delete(line);
    line.height = 0;
    this.draw();
  }

  ask() {
    const { scrollTop, scrollHeight, clientHeight } = this.host;
    if (scrollTop < 300 && (!this.following || scrollHeight <= clientHeight + 60)) { this.view.needOlder(this); }
    if (!this.following && scrollHeight - scrollTop - clientHeight < 300) { this.view.needNewer(this); }
  }

  dispose() {
    this.disposed = true;
    this.observer.disconnect();
    this.listeners.abort();
    this.host.replaceChildren();
  }
}

function lowerBound(lines, at) {
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lines[middle].at < at) { low = middle + 1; } else { high = middle; }
  }
  return low;
}

function element(name, className) {
  const made = document.createElement(name);
  made.className = className;
  return made;
}
