// Sends one file with XMLHttpRequest: fetch has no progress of what is sent.
import { text } from '../../../js/texts.js';

export function create(host, page, token) { return new Restore(host, page, token); }

class Restore {
  constructor(host, page, token) { Object.assign(this, { host, page, token, request: null }); }

  file() { return this.host.querySelector('[data-restore-file]')?.files[0] ?? null; }

  size() { return this.file()?.size ?? null; }

  // By how it begins, whatever it is called.
  async isEncrypted() { return await this.file()?.slice(0, 22).text() === 'age-encryption.org/v1\n'; }

  send(address) {
    const request = new XMLHttpRequest();
    this.request = request;
    let told = 0;
    request.upload.onprogress = event => {
      const now = performance.now();
      if (event.lengthComputable && (now - told > 100 || event.loaded === event.total)) {
        told = now;
        this.tell('OnProgress', event.total === 0 ? 1 : event.loaded / event.total);
      }
    };
    request.onload = () => {
      let answer = {};
      try { answer = JSON.parse(request.responseText); } catch { /* no JSON: the status says enough */ }
      if (request.status === 200) { this.tell('OnEnded', answer.name, null); } else {
        this.tell('OnEnded', null, answer.detail ?? answer.title ?? text('The portal answered with status {0}.', request.status));
      }
    };
    request.onerror = () => this.tell('OnEnded', null, text('The connection broke off. Send it again.'));
    request.onabort = () => this.tell('OnEnded', null, text('Stopped.'));
    request.open('POST', address);
    request.setRequestHeader('RequestVerificationToken', this.token);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.send(this.file());
  }

  tell(method, ...values) { if (!this.gone) { this.page.invokeMethodAsync(method, ...values); } }

  cancel() { this.request?.abort(); }

  dispose() {
    this.gone = true;
    this.cancel();
  }
}
