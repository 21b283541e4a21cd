const fs = require('fs');
const os = require('os');
const path = require('path');
const Docker = require('dockerode');
const { assert, sink, until, run } = require('./check.js');

const docker = new Docker({ socketPath: process.env.DOCKER_HOST.replace('unix://', '') });
const image = 'busybox';

function collectEvents(stream) {
  const actions = [];
  stream.on('data', chunk => chunk.toString().split('\n').filter(line => line.trim())
    .forEach(line => actions.push(JSON.parse(line).Action)));
  return actions;
}

async function runOnce() {
  const output = sink();
  const [result, container] = await docker.run(image, ['sh', '-c', 'echo out; exit 5'], output, { Tty: true });
  assert.equal(result.StatusCode, 5);
  assert.equal(output.text(), 'out\r\n');
  await container.remove();
}

async function attach(container) {
  const stream = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
  const [out, err] = [sink(), sink()];
  container.modem.demuxStream(stream, out, err);
  await container.start();
  stream.write('abc\n');
  await until(() => out.text() !== '', 'the program answers');
  stream.end();
  assert.equal((await container.wait()).StatusCode, 0);
  await until(() => out.text().endsWith('end\n'), 'the output comes to its end');
  assert.equal(out.text(), 'got abc\nend\n');
  assert.equal(err.text(), 'err abc\n');
}

async function exec(container) {
  await container.start();
  const exec = await container.exec({ Cmd: ['sh', '-c', 'cat; echo done; exit 3'], AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const [out, err] = [sink(), sink()];
  docker.modem.demuxStream(stream, out, err);
  stream.write('in\n');
  stream.end();
  await new Promise(resolve => stream.on('end', resolve));
  assert.equal(out.text(), 'in\ndone\n');
  assert.equal((await exec.inspect()).ExitCode, 3);
}

async function read(container) {
  const logs = await container.logs({ stdout: true, stderr: true, follow: false });
  assert.ok(logs.toString().includes('got abc'));
  const following = await container.logs({ stdout: true, stderr: true, follow: true });
  await new Promise(resolve => following.once('data', resolve));
  following.destroy();
  const once = await container.stats({ stream: false });
  assert.ok(once.memory_stats.usage > 0);
  const stats = await container.stats({ stream: true });
  await new Promise(resolve => stats.once('data', resolve));
  stats.destroy();
}

async function copy(container) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'portal-dockerode-'));
  try {
    const archive = path.join(folder, 'image.tar');
    const saved = await docker.getImage(image).get();
    await new Promise((resolve, reject) => saved.pipe(fs.createWriteStream(archive)).on('finish', resolve).on('error', reject));
    const loading = await docker.loadImage(archive);
    const told = await new Promise((resolve, reject) =>
      docker.modem.followProgress(loading, (failure, output) => failure ? reject(failure) : resolve(output)));
    assert.match(told.at(-1).stream, /^Loaded image/);
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
  const info = await container.infoArchive({ path: '/bin/busybox' });
  assert.ok(info);
}

async function networksAndVolumes() {
  const network = await docker.createNetwork({ Name: 'js-network', CheckDuplicate: true });
  assert.equal((await network.inspect()).Driver, 'bridge');
  await network.remove();
  await docker.createVolume({ Name: 'js-volume', Labels: { js: '1' } });
  assert.deepEqual((await docker.listVolumes({ filters: { label: ['js=1'] } })).Volumes.map(volume => volume.Name), ['js-volume']);
  await docker.getVolume('js-volume').remove();
}

run(async () => {
  assert.equal((await docker.ping()).toString(), 'OK');
  const events = await docker.getEvents({ filters: { label: ['js=1'] } });
  const actions = collectEvents(events);
  await runOnce();
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['sh', '-c', 'while read l; do echo got $l; echo err $l >&2; done; echo end'],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Labels: { js: '1' },
    name: 'js-container',
  });
  await attach(container);
  await exec(container);
  await read(container);
  await copy(container);
  await container.stop({ t: 1 });
  assert.equal((await docker.listContainers({ all: true, filters: { status: ['exited'], label: ['js=1'] } })).length, 1);
  await container.remove();
  await assert.rejects(container.inspect(), failure => failure.statusCode === 404);
  await networksAndVolumes();
  await until(() => actions.includes('destroy'), 'the events tell of the removal');
  assert.deepEqual(actions.filter(action => ['create', 'start', 'destroy'].includes(action)), ['create', 'start', 'start', 'destroy']);
});
