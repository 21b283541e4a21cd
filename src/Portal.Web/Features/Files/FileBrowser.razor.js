// Sends files with XMLHttpRequest (fetch has no progress of what is sent), one after another, and moves the focus among rows.
import { text } from '../../js/texts.js';

export function create(host, page, address, token) { return new Browser(host, page, address, token); }

class Browser {
  constructor(host, page, address, token) {
    Object.assign(this, { host, page, address, token, files: new Map(), queue: [], next: 1, over: 0 });
    this.stop = new AbortController();
    const on = (name, act) => host.addEventListener(name, act, { signal: this.stop.signal });
    on('change', event => {
      if (event.target.matches('[data-upload-input]')) {
        this.choose([...event.target.files]);
        event.target.value = '';
      }
    });
    on('dragenter', event => { if (this.takes(event)) { event.preventDefault(); this.over++; this.mark(); } });
    on('dragleave', event => { if (this.takes(event)) { this.over--; this.mark(); } });
    on('dragover', event => { if (this.takes(event)) { event.preventDefault(); event.dataTransfer.dropEffect = 'copy'; } });
    on('drop', event => this.drop(event));
    on('keydown', event => this.press(event));
  }

  takes(event) {
    return event.dataTransfer?.types.includes('Files') && this.host.querySelector('[data-upload-input]') !== null;
  }

  mark() { this.host.classList.toggle('p-files-over', this.over > 0); }

  drop(event) {
    if (!this.takes(event)) { return; }
    event.preventDefault();
    this.over = 0;
    this.mark();
    const items = [...event.dataTransfer.items].filter(item => item.kind === 'file');
    const folders = new Set(items.filter(item => item.webkitGetAsEntry?.()?.isDirectory).map(item => item.webkitGetAsEntry().name));
    this.choose([...event.dataTransfer.files], folders);
  }

  async choose(files, folders = new Set()) {
    if (files.length === 0) { return; }
    const chosen = files.map(file => ({ id: this.next++, file, folder: folders.has(file.name) }));
    const path = await this.page.invokeMethodAsync('OnChosen', chosen.map(({ id, file }) => ({ id, name: file.name, size: file.size })));
    if (path === null) { return; }
    for (const { id, file, folder } of chosen) {
      if (folder) {
        this.page.invokeMethodAsync('OnEnded', id, text('This is a folder. Make one here and upload its files, or copy an archive with docker cp.'), false);
      } else {
        this.files.set(id, { id, file, path: path === '/' ? `/${file.name}` : `${path}/${file.name}` });
        this.queue.push({ id, replace: false });
      }
    }
    this.work();
  }

  replace(id) {
    this.queue.push({ id, replace: true });
    this.work();
  }

  cancel(id) {
    if (this.current?.id === id) {
      this.current.request.abort();
    } else if (this.queue.some(upload => upload.id === id)) {
      this.queue = this.queue.filter(upload => upload.id !== id);
      this.page.invokeMethodAsync('OnEnded', id, text('Cancelled before it began.'), false);
    }
  }

  work() {
    if (this.current || this.queue.length === 0) { return; }
    const { id, replace } = this.queue.shift();
    const { file, path } = this.files.get(id);
    const request = new XMLHttpRequest();
    this.current = { id, request };
    let told = 0;
    request.upload.onprogress = event => {
      const now = performance.now();
      if (event.lengthComputable && (now - told > 100 || event.loaded === event.total)) {
        told = now;
        this.page.invokeMethodAsync('OnProgress', id, event.total === 0 ? 1 : event.loaded / event.total);
      }
    };
    request.onload = () => this.end(id, request);
    request.onerror = () => this.done(id, text('The connection broke off. Nothing of the file was kept; send it again.'));
    request.onabort = () => this.done(id, text('Cancelled. Nothing of the file was kept.'));
    request.open('POST', `${this.address}?path=${encodeURIComponent(path)}&replace=${replace}`);
    request.setRequestHeader('RequestVerificationToken', this.token);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    this.page.invokeMethodAsync('OnProgress', id, 0);
    request.send(file);
  }

  end(id, request) {
    if (request.status === 204) { this.done(id, null); return; }
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* no JSON: the status says enough */ }
    const message = answer.detail ?? answer.title ?? text('The portal answered with status {0}.', request.status);
    this.done(id, message, request.status === 409);
  }

  done(id, error, taken = false) {
    this.current = null;
    if (!taken) { this.files.delete(id); }
    if (!this.stop.signal.aborted) {
      this.page.invokeMethodAsync('OnEnded', id, error, taken);
      this.work();
    }
  }

  press(event) {
    const row = event.target.closest('[data-file-rows] tr');
    const inBrowser = row || event.target === this.host;
    if (!inBrowser || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) { return; }
    const act = {
      ArrowDown: () => this.focus(row, 'nextElementSibling'),
      ArrowUp: () => this.focus(row, 'previousElementSibling'),
      Home: () => this.edge('first'),
      End: () => this.edge('last'),
      Backspace: () => this.page.invokeMethodAsync('OnUp'),
      F2: () => row?.querySelector('[data-file-rename]')?.click(),
      Delete: () => row?.querySelector('[data-file-remove]')?.click(),
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  // Rows are made while they are scrolled to. Where the next one is not there yet, a spacer is: scroll on, and look again.
  async focus(row, side) {
    for (let at = row?.[side]; at; at = at[side]) {
      const name = at.querySelector('[data-file]');
      if (name) {
        this.take(name);
        return;
      }

      if (at.offsetHeight > 0) {
        this.box.scrollBy(0, side === 'nextElementSibling' ? row.offsetHeight : -row.offsetHeight);
        if (await this.until(() => row[side]?.querySelector('[data-file]'))) { this.focus(row, side); }
        return;
      }
    }
  }

  async edge(which) {
    const rows = this.host.querySelector('[data-file-rows]');
    const isThere = await this.until(() => {
      this.box.scrollTop = which === 'first' ? 0 : this.box.scrollHeight;
      return rows[`${which}ElementChild`].offsetHeight === 0 || rows[`${which}ElementChild`].querySelector('[data-file]');
    });
    if (isThere) {
      const names = rows.querySelectorAll('[data-file]');
      this.take(names[which === 'first' ? 0 : names.length - 1]);
    }
  }

  // Its row is shown whole, beneath the heads of the columns.
  take(name) {
    name?.focus({ preventScroll: true });
    name?.closest('tr').scrollIntoView({ block: 'nearest' });
  }

  get box() { return this.host.querySelector('[data-file-box]'); }

  async until(condition) {
    for (let tries = 0; tries < 60 && !this.stop.signal.aborted; tries++) {
      await new Promise(resolve => setTimeout(resolve, 25));
      if (condition()) { return true; }
    }

    return false;
  }

  dispose() {
    this.stop.abort();
    this.queue = [];
    this.current?.request.abort();
  }
}
