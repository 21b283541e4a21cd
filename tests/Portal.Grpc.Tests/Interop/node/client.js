'use strict';
// The cases of a foreign client. Usage: node client.js ADDRESS CASE; ends with 0 when the case holds.
const assert = require('assert');
const { grpc, Echo, unlimited } = require('./echo');

const [address, name] = process.argv.slice(2);
const connect = options => new Echo(address, grpc.credentials.createInsecure(), { ...unlimited, ...options });
const client = connect();
const id = `${name}-${process.pid}`;

// Calls a unary method; resolves with the response or error, the headers and the trailers.
const invoke = (target, method, request, metadata, options, started) => new Promise(resolve => {
  const seen = {};
  const call = target[method](request, metadata || new grpc.Metadata(), options || {}, (error, response) => {
    Object.assign(seen, { error, response });
  });
  call.on('metadata', headers => { seen.headers = headers; });
  call.on('status', status => setImmediate(() => resolve({ ...seen, status })));
  if (started) {
    started(call);
  }
});

const read = (call, onData) => new Promise(resolve => {
  let error = null;
  call.on('data', onData);
  call.on('error', e => { error = e; });
  call.on('status', status => setImmediate(() => resolve({ error, status })));
});

// How many times slower than a developer's machine this one is taken to be.
const patience = Math.max(1, Number(process.env.PORTAL_TEST_PATIENCE) || 1);

async function untilCancelled() {
  for (const end = Date.now() + 15000 * patience; Date.now() < end; await new Promise(r => setTimeout(r, 20))) {
    const { response } = await invoke(client, 'cancelled', { id });
    if (response.number === 1) {
      return;
    }
  }
  assert.fail('the server never saw the cancellation');
}

const cases = {
  async unary() {
    const { response, status } = await invoke(client, 'unary', { text: 'hé', payload: Buffer.from([1, 2]) });
    assert.strictEqual(response.text, 'hé');
    assert.deepStrictEqual([...response.payload], [1, 2]);
    assert.strictEqual(status.code, 0);
  },
  async metadata() {
    const metadata = new grpc.Metadata();
    metadata.add('echo-text', 'a b');
    metadata.add('echo-data-bin', Buffer.from([0, 1, 254]));
    const { status } = await invoke(client, 'unary', {}, metadata);
    assert.deepStrictEqual(status.metadata.get('echo-text'), ['a b']);
    assert.deepStrictEqual([...status.metadata.get('echo-data-bin')[0]], [0, 1, 254]);
  },
  async collect() {
    const response = await new Promise((resolve, reject) => {
      const call = client.collect((error, value) => error ? reject(error) : resolve(value));
      for (let i = 0; i < 100; i++) {
        call.write({ text: `${i}`, payload: Buffer.alloc(10) });
      }
      call.end();
    });
    assert.strictEqual(response.number, 1000);
    assert.ok(response.text.endsWith(',98,99'));
  },
  async repeat() {
    const numbers = [];
    const { status } = await read(client.repeat({ count: 500 }), response => numbers.push(response.number));
    assert.deepStrictEqual(numbers, [...Array(500).keys()]);
    assert.strictEqual(status.code, 0);
  },
  async chat() {
    const call = client.chat();
    let count = 0;
    const done = read(call, response => {
      assert.strictEqual(response.text, `${count++}`);
      count < 100 ? call.write({ text: `${count}` }) : call.end();
    });
    call.write({ text: '0' });
    assert.strictEqual((await done).status.code, 0);
    assert.strictEqual(count, 100);
  },
  async fail() {
    for (const after_headers of [false, true]) {
      const request = { code: 9, detail: '50 % of it: é\n', after_headers };
      const { error, headers } = await invoke(client, 'fail', request);
      assert.strictEqual(error.code, 9);
      assert.strictEqual(error.details, request.detail);
      assert.deepStrictEqual(error.metadata.get('reason'), ['asked for']);
      assert.deepStrictEqual([...error.metadata.get('grpc-status-details-bin')[0]], [8, 5, 18, 2, 104, 105]);
      assert.deepStrictEqual([...error.metadata.get('thrown-bin')[0]], [0, 255, 10]);
      if (after_headers) {
        assert.deepStrictEqual(headers.get('early'), ['yes']);
      }
    }
  },
  async everyStatus() {
    for (let code = 1; code <= 16; code++) {
      const { error } = await invoke(client, 'fail', { code, detail: `code ${code}` });
      assert.strictEqual(error.code, code);
    }
  },
  async deadline() {
    const { error } = await invoke(client, 'wait', { id }, null, { deadline: Date.now() + 1000 * patience });
    assert.strictEqual(error.code, grpc.status.DEADLINE_EXCEEDED);
    await untilCancelled();
  },
  async deadlineOfStream() {
    let responses = 0;
    const call = client.waitStream({ id }, { deadline: Date.now() + 1000 * patience });
    const { error } = await read(call, () => responses++);
    assert.strictEqual(error.code, grpc.status.DEADLINE_EXCEEDED);
    assert.strictEqual(responses, 1);
    await untilCancelled();
  },
  async cancel() {
    // The server sees no end of a call that it never had: connect first, and leave the call time to get there.
    await invoke(client, 'unary', { text: 'connected' });
    const { error } = await invoke(client, 'wait', { id }, null, {}, call => setTimeout(() => call.cancel(), 500 * patience));
    assert.strictEqual(error.code, grpc.status.CANCELLED);
    await untilCancelled();
  },
  async cancelOfStream() {
    const call = client.waitStream({ id });
    const { error } = await read(call, () => call.cancel());
    assert.strictEqual(error.code, grpc.status.CANCELLED);
    await untilCancelled();
  },
  async large() {
    const payload = require('crypto').randomBytes(16 << 20);
    const { response } = await invoke(client, 'unary', { payload });
    assert.ok(response.payload.equals(payload));
  },
  async tooLarge() {
    const { error } = await invoke(client, 'unary', { payload: Buffer.alloc(40 << 20) });
    assert.strictEqual(error.code, grpc.status.RESOURCE_EXHAUSTED);
  },
  async gzip() {
    const zipping = connect({ 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.gzip });
    const text = 'a'.repeat(100000);
    assert.strictEqual((await invoke(zipping, 'unary', { text })).response.text, text);
  },
  async deflate() {
    const zipping = connect({ 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.deflate });
    const text = 'a'.repeat(100000);
    assert.strictEqual((await invoke(zipping, 'unary', { text })).response.text, text);
  },
  async concurrent() {
    const calls = [...Array(1000).keys()].map(i => invoke(client, 'unary', { text: `${i}` }));
    (await Promise.all(calls)).forEach(({ response }, i) => assert.strictEqual(response.text, `${i}`));
  },
  async unimplemented() {
    const serialize = value => value;
    for (const path of ['/portal.testing.echo.v1.Echo/Nothing', '/portal.testing.Nobody/Unary']) {
      const error = await new Promise(resolve =>
        client.makeUnaryRequest(path, serialize, serialize, Buffer.alloc(0), e => resolve(e)));
      assert.strictEqual(error.code, grpc.status.UNIMPLEMENTED);
    }
  },
};

cases[name]().then(() => process.exit(0), error => {
  console.error(error);
  process.exit(1);
});
