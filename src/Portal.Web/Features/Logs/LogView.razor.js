// A view of one log or of several, merged or side by side. Lines come in batches from the page; what is held, searched, wrapped and drawn is
// decided here. See js/logs for its parts.

import { LogLine, chain } from '../../js/logs/line.js';
import { LogPane } from '../../js/logs/pane.js';
import { compile } from '../../js/logs/query.js';
import { timeText } from '../../js/logs/row.js';
import { momentOf } from '../../js/zone.js';
import { LogStore } from '../../js/logs/store.js';
import { locale, text } from '../../js/texts.js';

const pagesBySearch = 20;

export function create(host, page, options) { return new LogView(host, page, options); }

class LogView {
  constructor(host, page, options) {
    this.host = host;
    this.page = page;
    this.sources = new Map();
    this.paused = null;
    this.live = true;
    this.missed = 0;
    this.last = new Map();
    this.panes = [];
    this.pill = host.parentElement.querySelector('[data-log-new]');
    this.jump = host.parentElement.querySelector('[data-log-jump]');
    this.listeners = new AbortController();
    const listening = { signal: this.listeners.signal };
    this.pill?.addEventListener('click', () => this.setFollowing(true), listening);
    this.jump?.addEventListener('change', () => this.jumpTo(this.jump.value), listening);
    host.parentElement.querySelector('[data-log-save]')?.addEventListener('click', () => this.save(), listening);
    this.options = options;
    this.arrange();
    this.setOptions(options);
  }

  /** Which containers there are: index, name, node, and for a link how an address names it. */
  setSources(sources) {
    this.sources = new Map(sources.map(source => [source.index, source]));
    const several = this.sources.size > 1 && !this.options.side;
    if (this.options.side && this.sides !== this.sideKey()) { this.arrange(); }
    if (several !== this.several) { this.several = several; this.panes.forEach(pane => pane.redrawAll()); }
    this.filterAnew();
  }

  setOptions(options) {
    const rearranged = options.side !== this.options.side;
    this.options = options;
    this.several = this.sources.size > 1 && !options.side;
    if (rearranged) { this.arrange(); }
    this.filterAnew();
  }

  filterAnew() {
    const { test, mark, error } = compile(this.options, source => this.sources.get(source));
    for (const pane of this.panes) {
      pane.searched = 0;
      Object.assign(pane.view, { test, mark, wrap: this.options.wrap, times: this.options.times, several: this.several, sources: this.sources });
      pane.redrawAll();
    }
    if (error !== this.error) { this.error = error; this.tell('OnQueryError', error ?? ''); }
  }

  // Side by side each container has lines, and a place in them, of its own.
  arrange() {
    this.panes.forEach(pane => pane.dispose());
    this.host.replaceChildren();
    this.sides = this.sideKey();
    const groups = this.options.side && this.sources.size > 0 ? [...this.sources.values()].map(source => [source.index]) : [null];
    this.host.classList.toggle('log-sides', groups.length > 1);
    this.panes = groups.map(group => {
      const frame = this.host.appendChild(document.createElement('section'));
      frame.className = 'log-pane';
      const title = group ? text('{0} on {1}', this.sources.get(group[0]).name, this.sources.get(group[0]).node) : null;
      if (group) { frame.appendChild(document.createElement('h2')).textContent = title; }
      const viewport = frame.appendChild(document.createElement('div'));
      viewport.className = 'log-viewport';
      viewport.setAttribute('role', 'log');
      viewport.setAttribute('aria-live', 'off');
      viewport.setAttribute('aria-label', group ? text('Lines of {0}', title) : text('Lines of the log'));
      const pane = new LogPane(viewport, new LogStore(Math.ceil(this.options.capacity / groups.length)), this.viewOf());
      pane.group = group;
      return pane;
    });
    this.several = this.sources.size > 1 && !this.options.side;
  }

  sideKey() { return this.options.side ? [...this.sources.keys()].join() : ''; }

  viewOf() {
    return {
      test: null, mark: null, wrap: false, times: 'local', several: false, sources: this.sources,
      address: line => this.addressOf(line),
      unfold: line => { line.open = !line.open; this.paneOf(line.source).redraw(line); },
      filter: text => this.tell('OnFields', text),
      changed: () => this.followed(),
      emptyText: pane => this.emptyTextOf(pane),
      edge: pane => this.edgeOf(pane),
      needOlder: pane => this.readOlder(pane),
      needNewer: pane => this.readNewer(pane),
    };
  }

  paneOf(source) { return this.panes.find(pane => pane.group === null || pane.group.includes(source)) ?? this.panes[0]; }

  /**
   * @param lines [source, microseconds, 1 for standard error, text]
   * @param notes [source, text]; marks between lines, of the page's
   */
  append(lines, notes, froms) {
    if (!this.live) { return; }
    for (const [source, at] of froms) { this.paneOf(source).store.from.set(source, at); }
    const made = chain(lines.map(([source, at, flags, text]) => new LogLine(source, at, (flags & 1) !== 0, text)), this.last);
    const last = lines.length > 0 ? lines[lines.length - 1][1] : null;
    for (const [source, text] of notes) { made.push(LogLine.note(last ?? this.newest(source), text, source)); }
    if (this.paused) { this.hold(made); } else { this.put(made); }
  }

  newest(source) { const { lines } = this.paneOf(source).store; return lines.length > 0 ? lines[lines.length - 1].at : Date.now() * 1000; }

  put(lines) {
    for (const pane of this.panes) {
      const own = pane.group === null ? lines : lines.filter(line => pane.group.includes(line.source));
      if (own.length === 0) { continue; }
      if (!pane.following && pane.store.isFull) { this.missed += own.length; pane.behind = true; continue; }
      if (pane.behind) { this.missed += own.length; continue; }
      pane.changed(pane.store.add(own));
      if (pane.following) { pane.trimmed(pane.store.trimStart(this.sources.keys())); } else { this.missed += own.length; }
    }
    this.showMissed();
  }

  /** What comes from now on waits, and a mark shows where that was. */
  pause() { this.paused = { since: Date.now() * 1000, lines: [], count: 0 }; }

  resume() {
    if (!this.paused) { return; }
    const { since, lines, count } = this.paused;
    this.paused = null;
    const dropped = count - lines.length;
    const values = [timeText(since, this.options.times), timeText(Date.now() * 1000, this.options.times), count.toLocaleString(locale), dropped.toLocaleString(locale)];
    const note = dropped > 0
      ? text('Paused from {0} to {1}. Lines that came meanwhile: {2}; the first {3} of them are not held here, scroll back to read them', ...values)
      : text('Paused from {0} to {1}. Lines that came meanwhile: {2}', ...values);
    const at = lines.length > 0 ? Math.min(...lines.slice(0, 1000).map(line => line.at)) : this.newest(-1);
    const marks = this.panes.map(pane => LogLine.note(at, note, pane.group ? pane.group[0] : -1));
    this.put([...marks, ...lines]);
  }

  hold(lines) {
    const { paused, options } = this;
    paused.count += lines.length;
    paused.lines.push(...lines);
    if (paused.lines.length > options.capacity / 2) {
      const gone = paused.lines.splice(0, paused.lines.length - options.capacity / 2);
      const first = paused.lines[0].at;
      for (const { source } of gone) { const { from } = this.paneOf(source).store; if (source >= 0) { from.set(source, Math.max(first, from.get(source) ?? first)); } }
    }
    this.tell('OnHeld', paused.count);
  }

  /** Lines around a moment instead of those that come. */
  showContext(context) {
    this.live = false;
    this.missed = 0;
    for (const pane of this.panes) { pane.store.clear(); pane.behind = false; }
    for (const page of context.older) { this.take(page, true); }
    for (const page of context.newer) { this.take(page, false); }
    for (const pane of this.panes) {
      const at = pane.store.lines.findIndex(line => line.at === context.at && (!context.mark || hash(line.text) === context.mark));
      const line = pane.store.lines[at >= 0 && context.mark ? at : Math.min(pane.store.bound(context.at), pane.store.lines.length - 1)];
      pane.view.marked = context.mark && at >= 0 ? line : null;
      pane.redrawAll();
      if (line) { pane.reveal(line); }
    }
    this.followed();
    this.showMissed();
  }

  clear() {
    this.live = true;
    this.last.clear();
    this.missed = 0;
    this.paused = this.paused && { since: this.paused.since, lines: [], count: 0 };
    for (const pane of this.panes) { pane.store.clear(); pane.behind = false; pane.view.marked = null; pane.redrawAll(); pane.toEnd(); }
    this.followed();
    this.showMissed();
  }

  setFollowing(following) {
    if (following && (!this.live || this.panes.some(pane => pane.behind))) { this.tell('OnGoLive'); return; }
    for (const pane of this.panes) {
      if (following) { pane.trimmed(pane.store.trimStart(this.sources.keys())); pane.toEnd(); } else { pane.leaveEnd(); }
    }
    this.missed = 0;
    this.followed();
    this.showMissed();
  }

  followed() {
    const following = this.live && this.panes.every(pane => pane.following);
    if (following) { this.missed = 0; this.showMissed(); }
    if (following !== this.toldFollowing) { this.toldFollowing = following; this.tell('OnFollowingChanged', following); }
  }

  showMissed() {
    if (!this.pill) { return; }
    this.pill.hidden = this.live && this.missed === 0;
    this.pill.textContent = this.live ? text('↓ {0} new lines', this.missed.toLocaleString(locale)) : text('↓ Go to what is written now');
  }

  async readOlder(pane) {
    if (pane.reading || pane.store.lines.length === 0 || !Number.isFinite(pane.store.begin) || Date.now() < (pane.pausedUntil ?? 0)) { return; }
    // A search that finds nothing reads on by itself for a while, then when it is asked to.
    if (pane.view.test && pane.shown.length * 20 < pane.host.clientHeight && (pane.searched ??= 0) >= pagesBySearch) { return; }
    pane.searched = pane.view.test ? (pane.searched ?? 0) + 1 : 0;
    const answer = await this.read(pane, 'OnOlder', true);
    if (!answer) { return; }
    const gone = pane.store.trimEnd(this.sources.keys());
    if (gone.length > 0) {
      this.live = false;
      pane.behind = true;
      this.tell('OnLeftLive');
      pane.refilter();
      this.followed();
      this.showMissed();
    }
  }

  async readNewer(pane) {
    if (pane.reading || this.live || !Number.isFinite(pane.store.end) || Date.now() < (pane.pausedUntil ?? 0)) { return; }
    if (await this.read(pane, 'OnNewer', false)) {
      pane.store.trimStart(this.sources.keys());
      pane.refilter();
    }
  }

  async read(pane, method, back) {
    const cursors = pane.store.cursors(back);
    if (cursors.length === 0) { return false; }
    pane.reading = true;
    const store = pane.store;
    pane.draw();
    try {
      const pages = await this.page.invokeMethodAsync(method, cursors);
      if (pane.store !== store || pane.disposed) { return false; }
      for (const page of pages) { this.take(page, back); }
      pane.refilter();
      return pages.length > 0;
    } catch {
      // The connection is cut: not again with every drawing.
      pane.pausedUntil = Date.now() + 5000;
      return false;
    } finally {
      pane.reading = false;
      pane.draw();
    }
  }

  // A page of one source: lines, and from when to when they are all.
  take(page, back) {
    const { store } = this.paneOf(page.source);
    store.add(chain(page.lines.map(([at, flags, text]) => new LogLine(page.source, at, (flags & 1) !== 0, text))), back);
    const bounds = back ? store.from : store.to;
    const outermost = page.lines[back ? 0 : page.lines.length - 1];
    if (page.more && outermost) { bounds.set(page.source, outermost[0]); } else { bounds.delete(page.source); }
  }

  emptyTextOf(pane) {
    return pane.reading ? text('Reading…') : this.sources.size === 0 ? text('No container is chosen.')
      : pane.store.lines.length > 0 ? text('No line matches the search.') : text('No output yet.');
  }

  edgeOf(pane) {
    const { store } = pane;
    if (store.lines.length === 0) { return []; }
    if (pane.reading) { return [text('Reading older lines… back to {0}', timeText(store.begin, this.options.times, true))]; }
    if (!Number.isFinite(store.begin)) { return [text('The logs begin here.')]; }
    if (!pane.view.test) { return ['']; }
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'log-further';
    button.textContent = text('Searched back to {0}. Search further', timeText(store.begin, this.options.times, true));
    button.addEventListener('click', () => { pane.searched = 0; this.readOlder(pane); });
    return [button];
  }

  addressOf(line) {
    const source = this.sources.get(line.source);
    const address = new URL(source?.address ?? 'logs', document.baseURI);
    address.searchParams.set('at', line.at);
    address.searchParams.set('line', hash(line.text));
    return address.href;
  }

  jumpTo(value) {
    if (!value) { return; }
    const moment = (this.options.times === 'utc' ? new Date(`${value}Z`) : momentOf(value)).getTime();
    if (Number.isFinite(moment)) { this.tell('OnJump', moment * 1000); }
  }

  // What is shown, as a text file, made here: the portal has no part in it.
  save() {
    const lines = this.panes.flatMap(pane => pane.shown.filter(line => !line.note));
    const several = this.sources.size > 1;
    const text = lines.map(line => `${new Date(line.at / 1000).toISOString()} ${several ? `${this.sources.get(line.source)?.name ?? ''} ` : ''}${line.plain}\n`);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob(text, { type: 'text/plain' }));
    link.download = `logs-${new Date().toISOString().replace(/[:.]/g, '-')}.log`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  tell(method, ...values) { this.page.invokeMethodAsync(method, ...values).catch(() => { /* The page is gone. */ }); }

  dispose() {
    this.listeners.abort();
    this.panes.forEach(pane => pane.dispose());
    this.host.replaceChildren();
  }
}

// FNV-1a: tells lines of the same moment apart in a link.
function hash(text) {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) { value = Math.imul(value ^ text.charCodeAt(index), 0x01000193); }
  return (value >>> 0).toString(16);
}
