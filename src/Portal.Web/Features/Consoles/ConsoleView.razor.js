// A terminal in the page, joined to a console on a node by a WebSocket of its own. Its bytes never pass through the circuit.
import { Terminal } from '../../lib/xterm/xterm.mjs';
import { FitAddon } from '../../lib/xterm/addon-fit.mjs';
import { SearchAddon } from '../../lib/xterm/addon-search.mjs';
import { WebLinksAddon } from '../../lib/xterm/addon-web-links.mjs';
import { theme, fontFamily } from '../../js/terminal.js';
import { text } from '../../js/texts.js';

// Acknowledge in steps, so that a fast program does not cost a message for every piece of output.
const acknowledgeEvery = 64 * 1024;

// What a console is resumed after, in ms: at once, then more and more slowly, for as long as the page is there.
const pauses = [250, 500, 1000, 2000, 4000, 5000];

// Whoever needs large letters needs them tomorrow as well. A browser that keeps nothing has the usual ones.
const fontKey = 'portal-console-font';
const usualFont = 14;
const smallestFont = 9;
const largestFont = 28;

function keptFont() {
  try {
    const kept = Number.parseInt(localStorage.getItem(fontKey) ?? '', 10);
    return kept >= smallestFont && kept <= largestFont ? kept : usualFont;
  } catch {
    return usualFont;
  }
}

export function create(host, page, options) {
  return new Console(host, page, options);
}

class Console {
  constructor(host, page, options) {
    this.page = page;
    this.socket = null;
    this.pending = 0;
    this.position = 0;
    this.id = '';
    this.mayType = true;
    this.attempt = 0;
    this.terminal = new Terminal({
      allowProposedApi: true,
      cursorBlink: true,
      fontFamily,
      fontSize: keptFont(),
      scrollback: 10000,
      screenReaderMode: options.screenReader,
      theme: theme(),
    });
    this.host = host;
    this.fit = new FitAddon();
    this.search = new SearchAddon();
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(this.search);
    this.terminal.loadAddon(new WebLinksAddon());
    this.terminal.open(host);
    host.terminal = this.terminal;
    this.encoder = new TextEncoder();
    this.terminal.onData(text => this.type(this.encoder.encode(text)));
    this.terminal.onBinary(text => this.type(Uint8Array.from(text, c => c.charCodeAt(0))));
    this.terminal.onResize(size => { if (this.mayType) { this.control({ type: 'resize', columns: size.cols, rows: size.rows }); } });
    this.terminal.attachCustomKeyEventHandler(event => this.key(event));
    this.observer = new ResizeObserver(() => this.refit());
    this.observer.observe(host);
    this.themed = new MutationObserver(() => { this.terminal.options.theme = theme(); });
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.refit();
  }

  // Ctrl+Shift+C copies, Ctrl+Shift+V pastes and Ctrl+Shift+F searches, as in terminals everywhere; Ctrl+C alone belongs to the program.
  key(event) {
    if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) { return true; }
    if (event.code === 'KeyC') {
      this.copy();
    } else if (event.code === 'KeyF') {
      // What is typed until the field is there goes nowhere.
      this.terminal.blur();
      this.page.invokeMethodAsync('OnSearch');
    } else {
      return event.code !== 'KeyV';
    }
    event.preventDefault();
    return false;
  }

  // What became of it: 'copied', 'empty' when nothing is marked, 'refused' by the browser.
  async copy() {
    const selection = this.terminal.getSelection();
    if (!selection) { return 'empty'; }
    try {
      await navigator.clipboard.writeText(selection);
      return 'copied';
    } catch {
      // Over plain HTTP there is no clipboard to write to: the old way, of what is marked in the terminal.
      this.terminal.focus();
      return document.execCommand('copy') ? 'copied' : 'refused';
    }
  }

  // Browsers ask people first, and some have no clipboard to read over plain HTTP.
  async paste() {
    try {
      const text = await navigator.clipboard.readText();
      if (text) { this.terminal.paste(text); }
      return true;
    } catch {
      return false;
    } finally {
      this.terminal.focus();
    }
  }

  // Whether something was found.
  find(text, backwards) {
    const options = { decorations: { matchOverviewRuler: '#d18616', activeMatchColorOverviewRuler: '#d18616', matchBackground: '#7a5b00', activeMatchBackground: '#c2570c' } };
    return backwards ? this.search.findPrevious(text, options) : this.search.findNext(text, options);
  }

  endSearch() { this.search.clearDecorations(); this.terminal.focus(); }

  leaveFullScreen() { return document.fullscreenElement ? document.exitFullscreen() : undefined; }

  // False where the browser has none for parts of a page, as on phones.
  async fullScreen(element) {
    try {
      await (document.fullscreenElement ? document.exitFullscreen() : element.requestFullscreen());
      return true;
    } catch {
      return false;
    }
  }

  refit() {
    // A hidden tab has no size; fitting to it would tell the program that its terminal is one column wide. Whoever watches has the other's size.
    if (this.terminal.element?.offsetParent && this.mayType) { this.fit.fit(); }
  }

  connect(path, resuming) {
    this.leave();
    this.attempt = resuming ? this.attempt : 0;
    if (!resuming) {
      this.terminal.reset();
      this.position = 0;
      this.id = '';
    }
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const address = new URL(path, document.baseURI);
    address.protocol = scheme;
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.ended = false;
    socket.onmessage = message => this.receive(socket, message);
    socket.onclose = () => this.closed(socket);
    if (!resuming) { this.terminal.focus(); }
  }

  receive(socket, message) {
    if (socket !== this.socket) { return; }
    if (typeof message.data !== 'string') {
      const bytes = new Uint8Array(message.data);
      this.position += bytes.length;
      this.terminal.write(bytes, () => this.drawn(socket, bytes.length));
      return;
    }
    const news = JSON.parse(message.data);
    if (news.type === 'opened') {
      this.opened(news);
    } else if (news.type === 'resized') {
      this.resized(news);
    } else if (news.type === 'skipped') {
      this.terminal.reset();
      this.position = news.position;
    } else if (news.type === 'changed') {
      this.page.invokeMethodAsync('OnChanged', news.console);
    } else if (news.type === 'exited') {
      this.ended = true;
      this.note(news.message);
      this.page.invokeMethodAsync('OnClosed', news.message, false);
    } else if (news.type === 'failed' && !(news.again && this.id)) {
      this.ended = true;
      this.note(news.message);
      this.page.invokeMethodAsync('OnClosed', news.message, true);
    }
  }

  opened(news) {
    this.attempt = 0;
    if (news.position !== this.position) {
      this.terminal.reset();
      this.position = news.position;
    }
    this.id = news.console.id;
    this.mayType = news.mayType;
    this.terminal.options.disableStdin = !news.mayType;
    this.terminal.options.convertEol = !news.terminal;
    if (news.mayType) {
      this.refit();
      this.control({ type: 'resize', columns: this.terminal.cols, rows: this.terminal.rows });
    } else {
      this.resized(news);
    }
    this.page.invokeMethodAsync('OnOpened', news.console, news.command, news.mayType);
  }

  // The terminal is as large as its program believes: somebody else may have a larger screen.
  resized(size) {
    if (size.columns !== this.terminal.cols || size.rows !== this.terminal.rows) { this.terminal.resize(size.columns, size.rows); }
  }

  drawn(socket, bytes) {
    this.pending += bytes;
    if (this.pending >= acknowledgeEvery && socket === this.socket) {
      this.control({ type: 'ack', bytes: this.pending });
      this.pending = 0;
    }
  }

  closed(socket) {
    if (socket !== this.socket) { return; }
    this.socket = null;
    this.pending = 0;
    if (this.ended) { return; }
    if (this.id) {
      this.page.invokeMethodAsync('OnInterrupted').catch(() => { });
      this.resumeLater();
    } else {
      this.note(text('The connection was closed.'));
      this.page.invokeMethodAsync('OnClosed', text('The connection was closed. Connect again to go on.'), true);
    }
  }

  // The console runs on where it is; only the way to it is gone. A ticket comes over the circuit, which may be on its way back as well.
  resumeLater() {
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      const id = this.id;
      try {
        const path = await this.page.invokeMethodAsync('OnResume', id, this.position);
        if (id === this.id && !this.socket && path) { this.connect(path, true); }
      } catch {
        if (id === this.id && !this.socket) { this.resumeLater(); }
      }
    }, pauses[Math.min(this.attempt++, pauses.length - 1)]);
  }

  note(text) { this.terminal.write(`\r\n\x1b[0;2m— ${text}\x1b[0m\r\n`); }

  type(bytes) { if (this.mayType && this.socket?.readyState === WebSocket.OPEN) { this.socket.send(bytes); } }

  control(message) { if (this.socket?.readyState === WebSocket.OPEN) { this.socket.send(JSON.stringify(message)); } }

  resizeFont(step) {
    const size = Math.min(Math.max(this.terminal.options.fontSize + step, smallestFont), largestFont);
    this.terminal.options.fontSize = size;
    try { localStorage.setItem(fontKey, `${size}`); } catch { /* It holds until the page is left. */ }
    this.refit();
  }

  focus() { this.terminal.focus(); }

  leave() {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.socket = null;
    this.pending = 0;
    socket?.close();
  }

  dispose() {
    this.observer.disconnect();
    this.themed.disconnect();
    this.id = '';
    this.leave();
    this.terminal.dispose();
  }
}
