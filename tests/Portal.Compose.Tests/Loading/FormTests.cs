using Portal.Compose.Nodes;

namespace Portal.Compose.Tests.Loading;

/// <summary>Short and long forms mean the same.</summary>
public sealed class FormTests
{
    [Theory]
    [InlineData("ports: ['8080:80']", "ports: [{target: 80, published: 8080}]")]
    [InlineData("ports: ['127.0.0.1:8080:80/udp']", "ports: [{target: 80, published: '8080', host_ip: 127.0.0.1, protocol: udp}]")]
    [InlineData("ports: ['[::1]:8080:80']", "ports: [{target: 80, published: '8080', host_ip: '::1'}]")]
    [InlineData("ports: [80]", "ports: [{target: 80}]")]
    [InlineData("ports: ['8000-8001:80-81']", "ports: ['8000:80', '8001:81']")]
    [InlineData("ports: ['8000-8005:80']", "ports: [{target: 80, published: 8000-8005}]")]
    [InlineData("volumes: ['./a:/b:ro']", "volumes: [{type: bind, source: a, target: /b, read_only: true, bind: {create_host_path: true}}]")]
    [InlineData("volumes: ['/c']", "volumes: [{type: volume, target: /c}]")]
    [InlineData("volumes: ['/h:/b:rslave,z']", "volumes: [{type: bind, source: /h, target: /b, bind: {create_host_path: true, propagation: rslave, selinux: z}}]")]
    [InlineData("environment: [A=1, B=]", "environment: {A: 1, B: ''}")]
    [InlineData("environment: {A: true, B: 1.5}", "environment: ['A=true', 'B=1.5']")]
    [InlineData("labels: [a=b, c]", "labels: {a: b, c: ''}")]
    [InlineData("command: echo 'a b' c", "command: [echo, a b, c]")]
    [InlineData("entrypoint: sh -c \"x y\"", "entrypoint: [sh, -c, x y]")]
    [InlineData("healthcheck: {test: true thing}", "healthcheck: {test: [CMD-SHELL, true thing]}")]
    [InlineData("dns: 1.1.1.1", "dns: [1.1.1.1]")]
    [InlineData("tmpfs: /run", "tmpfs: [/run]")]
    [InlineData("ulimits: {nofile: 1024}", "ulimits: {nofile: {soft: 1024, hard: 1024}}")]
    [InlineData("devices: ['/dev/a:/dev/b:r']", "devices: [{source: /dev/a, target: /dev/b, permissions: r}]")]
    [InlineData("extra_hosts: ['a:1.2.3.4', 'b=::1']", "extra_hosts: {a: 1.2.3.4, b: ['::1']}")]
    [InlineData("gpus: all", "gpus: [{count: all}]")]
    [InlineData("build: ./app", "build: {context: app}")]
    [InlineData("mem_limit: 1g", "mem_limit: 1073741824")]
    [InlineData("cpus: '0.50'", "cpus: 0.5")]
    [InlineData("privileged: 'true'", "privileged: true")]
    [InlineData("networks: [default]", "networks: {default: null}")]
    [InlineData("profiles: []", "profiles: []")]
    [InlineData("read_only: yes", "read_only: true")]
    public void Form_ShortAndLong_AreTheSame(string one, string other)
    {
        Assert.Equal(Json(one), Json(other));
    }

    [Fact]
    public void DependsOn_ShortAndLong_AreTheSame()
    {
        static string Of(string text) => CanonicalJson.Write(Projects.Load(
            $"services: {{web: {{image: a, depends_on: {text}}}, db: {{image: b}}}}").Service().Definition);

        Assert.Equal(Of("[db]"), Of("{db: {condition: service_started}}"));
    }

    [Fact]
    public void Range_OfDifferentLengths_IsRefused()
    {
        Assert.Contains("not as long", Projects.OneError(Projects.Load("services: {web: {image: a, ports: ['80-82:80-81']}}")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Names_OfNetworksAndVolumes_AreTheProjects()
    {
        var project = Projects.Right(Projects.Load(
            "services: {web: {image: a, volumes: ['d:/d', 'e:/e'], networks: [n]}}\n"
            + "volumes: {d: , e: {external: true, name: there}, unused: }\nnetworks: {n: {name: mine}}"));

        Assert.Equal(["shop_d", "there"], project.Volumes.Select(volume => volume.Name));
        Assert.Equal(["mine"], project.Networks.Select(network => network.Name));
    }

    [Fact]
    public void Network_ThatNobodyNames_IsTheDefault()
    {
        Assert.Equal(["shop_default"],
            Projects.Right(Projects.Load("services: {web: {image: a}}")).Networks.Select(network => network.Name));
        Assert.Empty(Projects.Right(Projects.Load("services: {web: {image: a, network_mode: host}}")).Networks);
    }

    [Fact]
    public void Anchors_AndMerges_AreWrittenOut()
    {
        var service = Projects.Load(
            """
            x-base: &base
              image: a
              environment: &env {A: "1", B: "2"}
            services:
              web:
                <<: *base
                environment:
                  <<: [{B: "9", C: "3"}, *env]
                  A: own
            """).Service();

        Assert.Equal("a", service.Image);
        Assert.Equal(
            [("A", "own"), ("B", "9"), ("C", "3")],
            service.Environment.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key));
    }

    [Fact]
    public void Profiles_ChooseServices()
    {
        const string text = "services: {web: {image: a}, tool: {image: b, profiles: [debug]}}";

        var off = Projects.Right(Projects.Load(text));
        var on = Projects.Right(
            Projects.Load(new Compose.Loading.ComposeOptions { ProjectName = "shop", Profiles = ["debug"] }, ("compose.yaml", text)));

        Assert.Equal(["web"], off.Services.Select(service => service.Name));
        Assert.Equal(["tool"], off.DisabledServices);
        Assert.Equal(["web", "tool"], on.Services.Select(service => service.Name));
    }

    private static string Json(string key) =>
        CanonicalJson.Write(Projects.Load($"services:\n  web:\n    image: a\n    {key}\n").Service().Definition);
}
