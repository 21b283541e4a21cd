// A terminal in the page, joined to a container by a WebSocket of its own. Its bytes never pass through the circuit.
import { Terminal } from '../../lib/xterm/xterm.mjs';
import { FitAddon } from '../../lib/xterm/addon-fit.mjs';
import { WebLinksAddon } from '../../lib/xterm/addon-web-links.mjs';

// Acknowledge in steps, so that a fast program does not cost a message for every piece of output.
const acknowledgeEvery = 64 * 1024;

const themes = {
  dark: { background: '#0f1420', foreground: '#d8dee9', cursor: '#88c0d0', selectionBackground: '#3b4a63' },
  light: { background: '#fbfcfe', foreground: '#1f2733', cursor: '#1a5fb4', selectionBackground: '#c5d9f5',
    black: '#2e3440', yellow: '#8f6a00', brightYellow: '#a07800', white: '#5c6570', brightWhite: '#3b4252', green: '#1f7a34', brightGreen: '#238636', cyan: '#0b7285', brightCyan: '#0e8aa0' },
};

// The page's colours: chosen, or the system's.
function theme() {
  const chosen = document.documentElement.dataset.theme;
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  return dark ? themes.dark : themes.light;
}

export function create(host, page, options) {
  return new Console(host, page, options);
}

class Console {
  constructor(host, page, options) {
    this.page = page;
    this.socket = null;
    this.pending = 0;
    this.terminal = new Terminal({
      allowProposedApi: false,
      cursorBlink: true,
      fontFamily: '"Cascadia Code", "JetBrains Mono", "Fira Code", Menlo, Consolas, "DejaVu Sans Mono", monospace',
      fontSize: options.fontSize,
      scrollback: 5000,
      screenReaderMode: options.screenReader,
      theme: theme(),
    });
    this.fit = new FitAddon();
    this.terminal.loadAddon(this.fit);
    this.terminal.loadAddon(new WebLinksAddon());
    this.terminal.open(host);
    host.terminal = this.terminal;
    this.encoder = new TextEncoder();
    this.terminal.onData(text => this.send(this.encoder.encode(text)));
    this.terminal.onBinary(text => this.send(Uint8Array.from(text, c => c.charCodeAt(0))));
    this.terminal.onResize(size => this.control({ type: 'resize', columns: size.cols, rows: size.rows }));
    this.terminal.attachCustomKeyEventHandler(event => this.key(event));
    this.observer = new ResizeObserver(() => this.refit());
    this.observer.observe(host);
    this.themed = new MutationObserver(() => { this.terminal.options.theme = theme(); });
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.refit();
  }

  // Ctrl+Shift+C copies and Ctrl+Shift+V pastes, as in terminals everywhere; Ctrl+C alone belongs to the program.
  key(event) {
    if (event.type === 'keydown' && event.ctrlKey && event.shiftKey && event.code === 'KeyC') {
      const selection = this.terminal.getSelection();
      if (selection) { navigator.clipboard.writeText(selection); }
      event.preventDefault();
      return false;
    }
    return !(event.ctrlKey && event.shiftKey && event.code === 'KeyV');
  }

  refit() {
    // A hidden tab has no size; fitting to it would tell the program that its terminal is one column wide.
    if (this.terminal.element?.offsetParent) { this.fit.fit(); }
  }

  connect(path) {
    this.disconnect();
    this.terminal.reset();
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const address = new URL(path, document.baseURI);
    address.protocol = scheme;
    const socket = new WebSocket(address);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.ended = false;
    socket.onopen = () => this.control({ type: 'resize', columns: this.terminal.cols, rows: this.terminal.rows });
    socket.onmessage = message => this.receive(socket, message);
    socket.onclose = () => this.closed(socket);
    this.terminal.focus();
  }

  receive(socket, message) {
    if (typeof message.data !== 'string') {
      const bytes = new Uint8Array(message.data);
      this.terminal.write(bytes, () => this.drawn(socket, bytes.length));
      return;
    }
    const news = JSON.parse(message.data);
    if (news.type === 'opened') {
      this.page.invokeMethodAsync('OnOpened', news.command);
    } else if (news.type === 'exited') {
      this.ended = true;
      this.note(`The program ended with exit code ${news.code}.`);
      this.page.invokeMethodAsync('OnClosed', `Ended with exit code ${news.code}.`, false);
    } else if (news.type === 'failed') {
      this.ended = true;
      this.note(news.message);
      this.page.invokeMethodAsync('OnClosed', news.message, true);
    }
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
    if (!this.ended) {
      this.note('The connection was closed.');
      this.page.invokeMethodAsync('OnClosed', 'The connection was closed. Connect again to go on.', true);
    }
  }

  note(text) { this.terminal.write(`\r\n\x1b[0;2m— ${text}\x1b[0m\r\n`); }

  send(bytes) { if (this.socket?.readyState === WebSocket.OPEN) { this.socket.send(bytes); } }

  control(message) { if (this.socket?.readyState === WebSocket.OPEN) { this.socket.send(JSON.stringify(message)); } }

  setFontSize(size) { this.terminal.options.fontSize = size; this.refit(); }

  focus() { this.terminal.focus(); }

  disconnect() {
    const socket = this.socket;
    this.socket = null;
    this.pending = 0;
    socket?.close();
  }

  dispose() {
    this.observer.disconnect();
    this.themed.disconnect();
    this.disconnect();
    this.terminal.dispose();
  }
}
