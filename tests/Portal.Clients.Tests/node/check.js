// What the scripts share: a client of the agent's socket, and the end of a script with its failure.
const assert = require('assert/strict');
const { PassThrough } = require('stream');

/** Collects what is written to it. */
function sink() {
  const stream = new PassThrough();
  const chunks = [];
  stream.on('data', chunk => chunks.push(chunk));
  stream.text = () => Buffer.concat(chunks).toString();
  return stream;
}

/** Waits until a condition holds; a busy machine gets half a minute. */
async function until(condition, what) {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (await condition()) {
      return;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  assert.fail(`it did not come to this: ${what}`);
}

/** Runs a script's steps and exits: streams left open must not keep it. */
function run(steps) {
  steps().then(() => process.exit(0), failure => {
    console.error(failure);
    process.exit(1);
  });
}

module.exports = { assert, sink, until, run };
