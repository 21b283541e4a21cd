// Chooses and sends a context. A folder becomes a tar archive of which only the headers are in memory: the files in it are references
// to those on the disk, which the browser reads as it sends.
import { text } from '../../../js/texts.js';

const block = 512;
const mostFiles = 200_000;
const encoder = new TextEncoder();
let sending = 0;

// What is sent lives as long as the tab: leaving it would break the upload off.
addEventListener('beforeunload', event => { if (sending > 0) { event.preventDefault(); } });

export function create(host, page) { return new ContextUpload(host, page); }

class ContextUpload {
  constructor(host, page) {
    this.page = page;
    this.body = null;
    this.folder = host.querySelector('[data-context-folder]');
    this.archive = host.querySelector('[data-context-archive]');
    this.folder.addEventListener('change', () => this.takeFolder(this.folder.files));
    this.archive.addEventListener('change', () => { if (this.archive.files.length > 0) { this.takeArchive(this.archive.files[0]); } });
    host.addEventListener('dragover', event => { event.preventDefault(); host.classList.add('p-drop-over'); });
    host.addEventListener('dragleave', () => host.classList.remove('p-drop-over'));
    host.addEventListener('drop', event => {
      event.preventDefault();
      host.classList.remove('p-drop-over');
      const entry = event.dataTransfer.items[0]?.webkitGetAsEntry?.();
      if (entry?.isDirectory) {
        this.page.invokeMethodAsync('OnRefused', text('A folder can’t be dropped: use “Choose a folder”.'));
      } else if (event.dataTransfer.files.length > 0) {
        this.takeArchive(event.dataTransfer.files[0]);
      }
    });
  }

  takeArchive(file) {
    this.body = file;
    this.page.invokeMethodAsync('OnChosen', file.name, 1, file.size);
  }

  takeFolder(files) {
    if (files.length === 0) { return; }
    if (files.length > mostFiles) {
      this.page.invokeMethodAsync('OnRefused', text('The folder holds {0} files, more than {1}. Send it as an archive.', files.length, mostFiles));
      return;
    }
    const parts = [];
    let bytes = 0;
    for (const file of files) {
      // The chosen folder's own name is no part of the paths in it.
      const path = file.webkitRelativePath.slice(file.webkitRelativePath.indexOf('/') + 1);
      parts.push(...headers(path, file));
      parts.push(file);
      const rest = file.size % block;
      if (rest > 0) { parts.push(new Uint8Array(block - rest)); }
      bytes += file.size;
    }
    parts.push(new Uint8Array(2 * block));
    this.body = new Blob(parts);
    const name = files[0].webkitRelativePath.split('/')[0];
    this.page.invokeMethodAsync('OnChosen', name, files.length, bytes);
  }

  // Not awaited: the page goes on to the build, which shows how far it is and why it failed.
  send(address, token) {
    sending++;
    fetch(address, {
      method: 'POST',
      body: this.body,
      headers: { 'RequestVerificationToken': token, 'Content-Type': 'application/x-tar' },
    }).catch(() => { /* the node's side of the upload tells the build */ }).finally(() => { sending--; });
  }

  dispose() { this.body = null; }
}

// A file's header (pax, POSIX.1-2001): an extended one before it says what the old form has no room for.
function headers(path, file) {
  const name = encoder.encode(path);
  const records = [];
  if (name.length > 100) { records.push(record('path', path)); }
  if (file.size >= 8 ** 11) { records.push(record('size', String(file.size))); }
  const time = Math.max(0, Math.floor(file.lastModified / 1000));
  const own = header(name.subarray(0, 100), file.size >= 8 ** 11 ? 0 : file.size, time, '0');
  if (records.length === 0) { return [own]; }
  const body = encoder.encode(records.join(''));
  const padded = new Uint8Array(Math.ceil(body.length / block) * block);
  padded.set(body);
  return [header(encoder.encode('PaxHeader'), body.length, time, 'x'), padded, own];
}

// "LENGTH KEY=VALUE\n", where the length counts itself.
function record(key, value) {
  const rest = ` ${key}=${value}\n`;
  const size = encoder.encode(rest).length;
  let length = size + String(size).length;
  length = size + String(length).length;
  return `${length}${rest}`;
}

function header(name, size, time, kind) {
  const bytes = new Uint8Array(block);
  const put = (at, text) => bytes.set(encoder.encode(text), at);
  bytes.set(name, 0);
  put(100, '0000644\0');
  put(108, '0000000\0');
  put(116, '0000000\0');
  put(124, size.toString(8).padStart(11, '0') + '\0');
  put(136, time.toString(8).padStart(11, '0') + '\0');
  put(148, '        ');
  put(156, kind);
  put(257, 'ustar\0' + '00');
  let sum = 0;
  for (const byte of bytes) { sum += byte; }
  put(148, sum.toString(8).padStart(6, '0') + '\0 ');
  return bytes;
}
