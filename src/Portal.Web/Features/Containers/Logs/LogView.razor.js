// Draws a log: only the rows in sight are in the document, however many are kept. Lines come in batches from the page; searching, wrapping
// and scrolling happen here. While the reader is not at the end, nothing moves under them.

const escapes = /\x1b\[([0-9;]*)m|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()][A-Z0-9]|[\x00-\x08\x0b-\x1a\x1c-\x1f]/g;
const levels = [
  [/\b(?:fatal|panic|critical|error|err|fail(?:ed|ure)?|exception)\b/i, 'log-error'],
  [/\bwarn(?:ing)?\b/i, 'log-warning'],
  [/\b(?:debug|trace)\b/i, 'log-debug'],
];

export function create(host, page, options) { return new LogView(host, page, options); }

class LogView {
  constructor(host, page, options) {
    this.page = page;
    this.capacity = options.capacity;
    this.lines = [];
    this.shown = [];
    this.first = 0;
    this.filter = null;
    this.following = true;
    this.viewport = host;
    this.viewport.tabIndex = 0;
    this.spacer = host.appendChild(document.createElement('div'));
    this.spacer.className = 'log-spacer';
    this.rows = this.spacer.appendChild(document.createElement('div'));
    this.rows.className = 'log-rows';
    this.empty = host.appendChild(document.createElement('p'));
    this.empty.className = 'log-empty';
    this.rowHeight = 20;
    this.setOptions(options);
    this.scrolled = () => this.onScroll();
    host.addEventListener('scroll', this.scrolled, { passive: true });
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(host);
  }

  setOptions(options) {
    this.viewport.classList.toggle('log-wrap', options.wrap);
    this.viewport.classList.toggle('log-times', options.timestamps);
    this.wrap = options.wrap;
    const text = options.search ?? '';
    this.matcher = null;
    if (text) {
      const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      this.matcher = new RegExp(escaped, 'gi');
    }
    this.refilter();
  }

  append(batch) {
    for (const line of batch) {
      const plain = line.text.replace(escapes, '');
      this.lines.push({ time: line.time, error: line.isError, text: line.text, plain, note: line.note === true });
    }
    const excess = this.lines.length - this.capacity;
    if (excess > 0) { this.lines.splice(0, excess); }
    this.refilter();
  }

  clear() { this.lines = []; this.refilter(); }

  refilter() {
    this.shown = this.matcher ? this.lines.filter(line => line.note || this.matches(line.plain)) : this.lines;
    this.draw();
  }

  matches(text) { this.matcher.lastIndex = 0; return this.matcher.test(text); }

  setFollowing(following) {
    this.following = following;
    if (following) { this.toEnd(); }
  }

  toEnd() { this.viewport.scrollTop = this.viewport.scrollHeight; this.draw(); }

  onScroll() {
    const distance = this.viewport.scrollHeight - this.viewport.scrollTop - this.viewport.clientHeight;
    const following = distance < this.rowHeight * 1.5;
    if (following !== this.following) {
      this.following = following;
      this.page.invokeMethodAsync('OnFollowingChanged', following);
    }
    this.draw();
  }

  draw() {
    if (this.drawing) { return; }
    this.drawing = true;
    requestAnimationFrame(() => { this.drawing = false; this.render(); });
  }

  // Wrapped rows have heights of their own, so then the last two thousand are simply there; otherwise a window of rows is.
  render() {
    const total = this.shown.length;
    this.empty.hidden = total > 0;
    this.empty.textContent = this.lines.length > 0 ? 'No line matches the search.' : 'No output yet.';
    if (this.wrap) {
      this.spacer.style.height = 'auto';
      this.rows.style.transform = 'none';
      this.fill(Math.max(0, total - 2000), total);
    } else {
      this.spacer.style.height = `${total * this.rowHeight}px`;
      const visible = Math.ceil(this.viewport.clientHeight / this.rowHeight);
      const top = this.following ? Math.max(0, total - visible) : Math.floor(this.viewport.scrollTop / this.rowHeight);
      const from = Math.max(0, Math.min(top, total) - 20);
      const to = Math.min(total, top + visible + 20);
      this.rows.style.transform = `translateY(${from * this.rowHeight}px)`;
      this.fill(from, to);
    }
    if (this.following) { this.viewport.scrollTop = this.viewport.scrollHeight; }
  }

  fill(from, to) {
    const fragment = document.createDocumentFragment();
    for (let index = from; index < to; index++) { fragment.append(this.row(this.shown[index])); }
    this.rows.replaceChildren(fragment);
  }

  row(line) {
    if (line.element && line.drawnFor === this.matcher) { return line.element; }
    const row = document.createElement('div');
    row.className = line.note ? 'log-row log-note' : line.error ? 'log-row log-stderr' : 'log-row';
    const level = levels.find(([pattern]) => pattern.test(line.plain.slice(0, 200)));
    if (level && !line.note) { row.classList.add(level[1]); }
    if (line.time) {
      const time = document.createElement('time');
      time.dateTime = line.time;
      time.textContent = localTime(line.time);
      row.append(time);
    }
    const text = document.createElement('span');
    text.className = 'log-text';
    if (this.matcher && !line.note) { this.highlight(text, line.plain); } else { colour(text, line.text); }
    row.append(text);
    line.element = row;
    line.drawnFor = this.matcher;
    return row;
  }

  highlight(parent, text) {
    let last = 0;
    this.matcher.lastIndex = 0;
    for (const match of text.matchAll(this.matcher)) {
      parent.append(text.slice(last, match.index));
      const mark = document.createElement('mark');
      mark.textContent = match[0];
      parent.append(mark);
      last = match.index + match[0].length;
      if (match[0].length === 0) { break; }
    }
    parent.append(text.slice(last));
  }

  dispose() {
    this.observer.disconnect();
    this.viewport.removeEventListener('scroll', this.scrolled);
    this.spacer.remove();
    this.empty.remove();
  }
}

// Text with its ANSI colours (SGR, ECMA-48). Always through text nodes: a log is somebody else's text, never markup.
function colour(parent, text) {
  let last = 0;
  let style = new Set();
  const put = part => {
    if (!part) { return; }
    if (style.size === 0) { parent.append(part); return; }
    const span = document.createElement('span');
    span.className = [...style].join(' ');
    span.textContent = part;
    parent.append(span);
  };
  for (const match of text.matchAll(escapes)) {
    put(text.slice(last, match.index));
    last = match.index + match[0].length;
    if (match[1] !== undefined) { style = apply(style, match[1]); }
  }
  put(text.slice(last));
}

function apply(style, codes) {
  const next = new Set(style);
  const drop = prefix => { for (const name of next) { if (name.startsWith(prefix)) { next.delete(name); } } };
  const list = codes === '' ? [0] : codes.split(';').map(Number);
  for (let index = 0; index < list.length; index++) {
    const code = list[index];
    if (code === 0) { next.clear(); }
    else if (code === 1) { next.add('ansi-bold'); }
    else if (code === 2) { next.add('ansi-dim'); }
    else if (code === 3) { next.add('ansi-italic'); }
    else if (code === 4) { next.add('ansi-underline'); }
    else if (code === 22) { next.delete('ansi-bold'); next.delete('ansi-dim'); }
    else if (code === 39) { drop('ansi-fg-'); }
    else if (code >= 30 && code <= 37) { drop('ansi-fg-'); next.add(`ansi-fg-${code - 30}`); }
    else if (code >= 90 && code <= 97) { drop('ansi-fg-'); next.add(`ansi-fg-${code - 90}`); }
    else if (code === 38 || code === 48) { index += list[index + 1] === 5 ? 2 : 4; }
  }
  return next;
}

function localTime(text) {
  const time = new Date(text);
  const pad = (value, width) => String(value).padStart(width, '0');
  return `${pad(time.getHours(), 2)}:${pad(time.getMinutes(), 2)}:${pad(time.getSeconds(), 2)}.${pad(time.getMilliseconds(), 3)}`;
}
