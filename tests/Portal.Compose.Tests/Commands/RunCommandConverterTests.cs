using Portal.Compose.Commands;
using Portal.Compose.Nodes;

namespace Portal.Compose.Tests.Commands;

public sealed class RunCommandConverterTests
{
    [Theory]
    [InlineData("docker run -d --name web -p 8080:80 -p127.0.0.1:53:53/udp nginx:1.27", "container_name: web, ports: ['8080:80', '127.0.0.1:53:53/udp'], image: 'nginx:1.27'")]
    [InlineData("$ sudo docker run -it --rm \\\n  -e A=1 -e 'B=two words' --env=C busybox sh -c 'echo $X'", "tty: true, stdin_open: true, environment: [A=1, B=two words, C], image: busybox, command: [sh, -c, 'echo $$X']")]
    [InlineData("docker container run -v data:/d -v /h:/h:ro --restart=on-failure:3 -m 512m --cpus 1.5 img", "volumes: ['data:/d', '/h:/h:ro'], restart: 'on-failure:3', mem_limit: 512m, cpus: 1.5, image: img")]
    [InlineData("docker run --network back --network-alias x --ulimit nofile=1:2 --ulimit nproc=5 img", "networks: {back: {aliases: [x]}}, ulimits: {nofile: {soft: 1, hard: 2}, nproc: 5}, image: img")]
    [InlineData("docker run --net=host --privileged --health-cmd 'true x' --health-interval 5s --log-driver syslog --log-opt a=b img", "network_mode: host, privileged: true, healthcheck: {test: true x, interval: 5s}, logging: {driver: syslog, options: {a: b}}, image: img")]
    [InlineData("docker create --entrypoint /bin/sh --stop-timeout 5 --gpus all --read-only=false img -c x", "entrypoint: [/bin/sh], stop_grace_period: 5s, gpus: all, read_only: false, image: img, command: ['-c', x]")]
    public void Line_OfDockerRun_BecomesTheService(string line, string service)
    {
        var conversion = RunCommandConverter.Convert(line);

        Assert.Empty(conversion.Notes);
        var expected = Projects.Right(
            Projects.Load($"services: {{s: {{{service}}}}}\nvolumes: {{data: }}\nnetworks: {{back: {{external: true}}}}"));
        var got = Projects.Right(Projects.Load(conversion.Text!));
        Assert.Equal(CanonicalJson.Write(expected.Services[0].Definition), CanonicalJson.Write(Assert.Single(got.Services).Definition));
    }

    [Theory]
    [InlineData("ls -l")]
    [InlineData("docker ps")]
    [InlineData("docker run -d")]
    [InlineData("docker run 'oh")]
    [InlineData("")]
    public void Line_ThatRunsNothing_IsRefused(string line)
    {
        var conversion = RunCommandConverter.Convert(line);

        Assert.Null(conversion.Text);
        Assert.NotEmpty(conversion.Notes);
    }

    [Fact]
    public void Options_ThatAreUnknownOrHaveNoForm_AreNoted()
    {
        var conversion = RunCommandConverter.Convert("docker run --frobnicate=1 -P --mount type=bind,src=/a,dst=/b -p nine img");

        Assert.NotNull(conversion.Text);
        Assert.Equal(4, conversion.Notes.Count);
    }
}
