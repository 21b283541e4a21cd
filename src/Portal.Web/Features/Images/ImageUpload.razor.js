// Sends a file with XMLHttpRequest: fetch has no progress of what is sent.
import { text } from '../../js/texts.js';

export function create(host, page, address, token) { return new Upload(host, page, address, token); }

class Upload {
  constructor(host, page, address, token) {
    this.page = page;
    this.address = address;
    this.token = token;
    this.host = host;
    this.input = host.querySelector('[data-upload-input]');
    this.input.addEventListener('change', () => { if (this.input.files.length > 0) { this.start(this.input.files[0]); } });
    host.addEventListener('dragover', event => { event.preventDefault(); host.classList.add('p-drop-over'); });
    host.addEventListener('dragleave', () => host.classList.remove('p-drop-over'));
    host.addEventListener('drop', event => {
      event.preventDefault();
      host.classList.remove('p-drop-over');
      if (event.dataTransfer.files.length > 0) { this.start(event.dataTransfer.files[0]); }
    });
  }

  async start(file) {
    this.cancel();
    await this.page.invokeMethodAsync('OnStarted', file.name, file.size);
    const request = new XMLHttpRequest();
    this.request = request;
    let told = 0;
    request.upload.onprogress = event => {
      const now = performance.now();
      if (event.lengthComputable && (now - told > 100 || event.loaded === event.total)) {
        told = now;
        this.page.invokeMethodAsync('OnProgress', event.total === 0 ? 1 : event.loaded / event.total);
      }
    };
    request.onload = () => this.end(request);
    request.onerror = () => this.fail(text('The connection broke off. Nothing of the archive was kept; send it again.'));
    request.onabort = () => this.fail(text('Cancelled. Nothing of the archive was kept.'));
    request.open('POST', `${this.address}?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('RequestVerificationToken', this.token);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.send(file);
  }

  end(request) {
    this.input.value = '';
    let answer = {};
    try { answer = JSON.parse(request.responseText); } catch { /* no JSON: the status says enough */ }
    if (request.status === 200) {
      this.page.invokeMethodAsync('OnEnded', answer.images.map(image => image.name || image.id), null);
    } else {
      this.fail(answer.detail ?? answer.title ?? text('The portal answered with status {0}.', request.status));
    }
  }

  fail(message) {
    this.input.value = '';
    this.page.invokeMethodAsync('OnEnded', null, message);
  }

  cancel() {
    const request = this.request;
    this.request = null;
    if (request && request.readyState !== XMLHttpRequest.DONE) { request.abort(); }
  }

  dispose() { this.cancel(); }
}
