const { GenericContainer, Network, Wait } = require('testcontainers');
const { assert, run } = require('./check.js');

async function web() {
  const network = await new Network().start();
  const container = await new GenericContainer('busybox')
    .withCommand(['sh', '-c', 'mkdir -p /www && cp /tmp/page.txt /www/index.html; echo ready; httpd -f -p 80 -h /www'])
    .withExposedPorts(80)
    .withNetwork(network)
    .withNetworkAliases('web')
    .withCopyContentToContainer([{ content: 'copied', target: '/tmp/page.txt' }])
    .withWaitStrategy(Wait.forAll([Wait.forLogMessage('ready'), Wait.forListeningPorts()]))
    .start();
  try {
    const answer = await fetch(`http://${container.getHost()}:${container.getMappedPort(80)}/`);
    assert.equal(await answer.text(), 'copied');
    const seen = await container.exec(['cat', '/tmp/page.txt']);
    assert.deepEqual([seen.exitCode, seen.output], [0, 'copied']);
  } finally {
    await container.stop();
    await network.stop();
  }
}

async function database() {
  const container = await new GenericContainer(process.env.POSTGRES_IMAGE)
    .withEnvironment({ POSTGRES_PASSWORD: 'secret' })
    .withExposedPorts(5432)
    .withHealthCheck({ test: ['CMD-SHELL', 'pg_isready -h 127.0.0.1'], interval: 500, timeout: 10000, retries: 120 })
    .withWaitStrategy(Wait.forAll([Wait.forHealthCheck(), Wait.forListeningPorts()]))
    .withStartupTimeout(180000)
    .start();
  try {
    const { exitCode, output } = await container.exec(['psql', '-h', '127.0.0.1', '-U', 'postgres', '-tAc', 'select 6 * 7']);
    assert.deepEqual([exitCode, output.trim()], [0, '42']);
  } finally {
    await container.stop();
  }
}

run(async () => {
  await web();
  await database();
});
