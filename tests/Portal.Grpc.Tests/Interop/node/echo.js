'use strict';
// What server and client share: the echo service of the tests, loaded from its .proto file at run time.
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const definition = loader.loadSync(path.join(__dirname, 'proto', 'echo', 'v1', 'echo.proto'), {
  keepCase: true,
  longs: Number,
  defaults: true,
  includeDirs: [path.join(__dirname, 'proto')],
});

exports.grpc = grpc;
exports.Echo = grpc.loadPackageDefinition(definition).portal.testing.echo.v1.Echo;
exports.unlimited = {
  'grpc.max_receive_message_length': -1,
  'grpc.max_send_message_length': -1,
};
