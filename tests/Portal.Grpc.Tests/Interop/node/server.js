'use strict';
// The echo service as a foreign server. Prints "port N" when it listens, and ends with its standard input.
// Usage: node server.js [compression algorithm]
const { grpc, Echo, unlimited } = require('./echo');

const cancelled = new Map();
const answer = (request, number) => ({ text: request.text, payload: request.payload, number: number || 0 });
const countWhenCancelled = (call, end) => call.on('cancelled', () => {
  cancelled.set(call.request.id, (cancelled.get(call.request.id) || 0) + 1);
  end();
});

const handlers = {
  unary(call, callback) {
    const trailers = new grpc.Metadata();
    for (const key of Object.keys(call.metadata.getMap()).filter(name => name.startsWith('echo-'))) {
      call.metadata.get(key).forEach(value => trailers.add(key, value));
    }
    callback(null, answer(call.request), trailers);
  },
  collect(call, callback) {
    const texts = [];
    let length = 0;
    call.on('data', request => {
      texts.push(request.text);
      length += request.payload.length;
    });
    call.on('end', () => callback(null, { text: texts.join(','), number: length }));
  },
  async repeat(call) {
    for (let i = 0; i < call.request.count; i++) {
      if (!call.write(answer(call.request, i))) {
        await new Promise(resolve => call.once('drain', resolve));
      }
    }
    call.end();
  },
  chat(call) {
    call.on('data', request => {
      if (!call.write(answer(request))) {
        call.pause();
        call.once('drain', () => call.resume());
      }
    });
    call.on('end', () => call.end());
  },
  fail(call, callback) {
    if (call.request.after_headers) {
      const headers = new grpc.Metadata();
      headers.set('early', 'yes');
      call.sendMetadata(headers);
    }
    const metadata = new grpc.Metadata();
    metadata.set('reason', 'asked for');
    metadata.set('grpc-status-details-bin', Buffer.from([8, 5, 18, 2, 104, 105]));
    callback({ code: call.request.code, details: call.request.detail, metadata });
  },
  wait(call, callback) {
    countWhenCancelled(call, () => callback({ code: grpc.status.CANCELLED, details: '' }));
  },
  waitStream(call) {
    countWhenCancelled(call, () => call.end());
    call.write({ text: call.request.id });
  },
  cancelled(call, callback) {
    callback(null, { number: cancelled.get(call.request.id) || 0 });
  },
};

const options = { ...unlimited };
if (process.argv[2]) {
  options['grpc.default_compression_algorithm'] = grpc.compressionAlgorithms[process.argv[2]];
}
const server = new grpc.Server(options);
server.addService(Echo.service, handlers);
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    console.error(error);
    process.exit(1);
  }
  console.log(`port ${port}`);
});
process.stdin.on('end', () => process.exit(0)).resume();
