// Replays a recording in asciinema's format, version 2, in a terminal of the page.
import { Terminal } from '../../../lib/xterm/xterm.mjs';
import { theme, fontFamily } from '../../../js/terminal.js';
import { text } from '../../../js/texts.js';

// Longer pauses are cut to this where they are shortened, in seconds.
const longestPause = 2;

export function create(host, address) {
  return new Replay(host, address);
}

class Replay {
  constructor(host, address) {
    this.events = [];
    this.next = 0;
    this.clock = 0;
    this.playing = false;
    this.terminal = new Terminal({ allowProposedApi: false, disableStdin: true, fontFamily, fontSize: 14, scrollback: 10000, theme: theme() });
    this.terminal.open(host);
    host.terminal = this.terminal;
    this.controls = Object.fromEntries([...document.querySelectorAll('[data-replay]')].map(control => [control.dataset.replay, control]));
    this.controls.toggle.onclick = () => this.toggle();
    this.controls.position.oninput = () => this.seek(this.controls.position.value / 1000 * this.length);
    this.controls.skip.onchange = () => this.measure();
    this.themed = new MutationObserver(() => { this.terminal.options.theme = theme(); });
    this.themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    this.load(address);
  }

  async load(address) {
    const answer = await fetch(new URL(address, document.baseURI));
    if (!answer.ok) {
      this.terminal.write(text('The recording could not be loaded.'));
      return;
    }
    const [header, ...lines] = (await answer.text()).split('\n');
    const { width, height } = JSON.parse(header);
    this.size = [width, height];

    // The last line of a recording that still grows may be half a one, as may one at which an agent was killed.
    for (const line of lines) {
      try { this.events.push(JSON.parse(line)); } catch { continue; }
    }
    this.measure();
    this.seek(0);
    this.toggle();
  }

  // When each event comes, with or without long pauses.
  measure() {
    const longest = this.controls.skip.checked ? longestPause : Infinity;
    let before = 0;
    let at = 0;
    for (const event of this.events) {
      at += Math.min(event[0] - before, longest);
      before = event[0];
      event.at = at;
    }
    this.length = at;
    if (this.size) { this.seek(Math.min(this.clock, at)); }
  }

  seek(at) {
    this.terminal.reset();
    this.terminal.resize(...this.size);
    this.next = 0;
    this.clock = at;
    this.run();
    this.show();
  }

  run() {
    while (this.next < this.events.length && this.events[this.next].at <= this.clock) {
      const [, kind, data] = this.events[this.next++];
      if (kind === 'o') {
        this.terminal.write(data);
      } else if (kind === 'r') {
        this.terminal.resize(...data.split('x').map(Number));
      } else if (kind === 'm') {
        this.terminal.write(`\r\n\x1b[0;2m— ${data}\x1b[0m\r\n`);
      }
    }
  }

  toggle() {
    this.playing = !this.playing;
    if (this.playing && this.next >= this.events.length) { this.seek(0); }
    this.last = performance.now();
    if (this.playing) { this.frame = requestAnimationFrame(now => this.step(now)); }
    this.show();
  }

  step(now) {
    if (!this.playing) { return; }
    this.clock = Math.min(this.length, this.clock + (now - this.last) / 1000 * Number(this.controls.speed.value));
    this.last = now;
    this.run();
    if (this.next >= this.events.length) { this.playing = false; }
    this.show();
    if (this.playing) { this.frame = requestAnimationFrame(later => this.step(later)); }
  }

  show() {
    const clock = seconds => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
    this.controls.toggle.textContent = this.playing ? text('Pause') : text('Play');
    this.controls.clock.textContent = text('{0} of {1}', clock(this.clock), clock(this.length));
    this.controls.position.value = this.length > 0 ? this.clock / this.length * 1000 : 0;
  }

  dispose() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.themed.disconnect();
    this.terminal.dispose();
  }
}
