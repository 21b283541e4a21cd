using System.Text.Json.Nodes;
using Portal.Compose.Docker;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Sources;

namespace Portal.Compose.Tests.Docker;

public sealed class ContainerBodyTests
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    [Fact]
    public void Service_WithAllKindsOfSettings_IsSaidInDockersWords()
    {
        var body = BodyOf("""
            image: app:1
            command: ["run", "it"]
            environment: {A: '1', B: 'two words'}
            user: '1000'
            stop_grace_period: 1m30s
            healthcheck: {test: ['CMD', 'true'], interval: 5s, retries: 2}
            ports: ['127.0.0.1:8080:80', '9000:9000/udp', '443']
            restart: on-failure:3
            mem_limit: 64m
            cpus: 0.5
            cap_add: [NET_ADMIN]
            read_only: true
            ulimits: {nofile: {soft: 10, hard: 20}}
            extra_hosts: ['db:10.0.0.1']
            tmpfs: ['/tmp:size=1m']
            labels: {own: 'yes'}
            """);

        Assert.Equal("app:1", body["Image"]!.GetValue<string>());
        Assert.Equal("""["run","it"]""", body["Cmd"]!.ToJsonString());
        Assert.Equal("""["A=1","B=two words"]""", body["Env"]!.ToJsonString());
        Assert.Equal(90, body["StopTimeout"]!.GetValue<int>());
        Assert.Equal("""{"Test":["CMD","true"],"Interval":5000000000,"Retries":2}""", body["Healthcheck"]!.ToJsonString());
        var host = body["HostConfig"]!;
        Assert.Equal(
            """{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}],"9000/udp":[{"HostIp":"","HostPort":"9000"}]"""
            + ""","443/tcp":[{"HostIp":"","HostPort":""}]}""",
            host["PortBindings"]!.ToJsonString());
        Assert.Equal("""{"Name":"on-failure","MaximumRetryCount":3}""", host["RestartPolicy"]!.ToJsonString());
        Assert.Equal((64L << 20, 500_000_000L), (host["Memory"]!.GetValue<long>(), host["NanoCpus"]!.GetValue<long>()));
        Assert.Equal("""[{"Name":"nofile","Soft":10,"Hard":20}]""", host["Ulimits"]!.ToJsonString());
        Assert.Equal("""["db:10.0.0.1"]""", host["ExtraHosts"]!.ToJsonString());
        Assert.Equal("""{"/tmp":"size=1m"}""", host["Tmpfs"]!.ToJsonString());
        Assert.True(host["ReadonlyRootfs"]!.GetValue<bool>());
        Assert.Null(host["Privileged"]);
        var labels = body["Labels"]!;
        Assert.Equal(("shop", "web", "2", "False", "yes"), (
            labels["com.docker.compose.project"]!.GetValue<string>(), labels["com.docker.compose.service"]!.GetValue<string>(),
            labels["com.docker.compose.container-number"]!.GetValue<string>(), labels["com.docker.compose.oneoff"]!.GetValue<string>(),
            labels["own"]!.GetValue<string>()));
    }

    [Fact]
    public void Mounts_OfEachKind_KeepWhatTheOldContainerHad()
    {
        var body = BodyOf(
            "image: a\nvolumes: ['d:/d', '/etc:/host:ro', '/anon', {type: tmpfs, target: /t, tmpfs: {size: 1m}}]",
            kept: new Dictionary<string, string> { ["/anon"] = "0123", ["/image"] = "4567" });

        Assert.Equal("""["/etc:/host:ro"]""", body["HostConfig"]!["Binds"]!.ToJsonString());
        Assert.Equal(
            """[{"Type":"volume","Source":"shop_d","Target":"/d"},{"Type":"tmpfs","Target":"/t","TmpfsOptions":{"SizeBytes":1048576}},"""
            + """{"Type":"volume","Source":"0123","Target":"/anon"},{"Type":"volume","Source":"4567","Target":"/image"}]""",
            body["HostConfig"]!["Mounts"]!.ToJsonString());
    }

    [Fact]
    public void Networks_WithAliasesAndAddresses_BeginWithThatOfTheHighestPriority()
    {
        var body = BodyOf("image: a\nnetworks: {back: {}, front: {aliases: [site], ipv4_address: 10.9.0.2, priority: 10}}");

        Assert.Equal("shop_front", body["HostConfig"]!["NetworkMode"]!.GetValue<string>());
        Assert.Equal(
            """{"shop_front":{"Aliases":["web","site"],"IPAMConfig":{"IPv4Address":"10.9.0.2"}},"shop_back":{"Aliases":["web"]}}""",
            body["NetworkingConfig"]!["EndpointsConfig"]!.ToJsonString());
    }

    [Fact]
    public void Files_OfConfigsAndSecrets_HaveTheirPlacesAndModes()
    {
        var project = Project(
            "image: a\nconfigs: [page, {source: page, target: /etc/p, mode: 0440, uid: '5'}]\nsecrets: [{source: key, target: k}]");

        var service = project.Services[0];

        var files = ServiceFile.ConfigsOf(project, service).Concat(ServiceFile.SecretsOf(project, service)).ToList();

        Assert.Equal(
            [("/page", 0, 0b100_100_100), ("/etc/p", 5, 0b100_100_000), ("/run/secrets/k", 0, 0b100_100_100)],
            files.Select(file => (file.Path, file.UserId, file.Mode)));
        Assert.DoesNotContain("hidden", string.Concat(files), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image: a\nvolumes: ['./here:/there']", "is not among the stack's files")]
    [InlineData("image: a\nuse_api_socket: true", "use_api_socket")]
    [InlineData("image: a\npost_start: [{command: x}]", "post_start")]
    [InlineData("image: a\ndeploy: {mode: global-job}", "jobs")]
    public void Unsupported_WhatANodeCantDo_IsSaid(string service, string word)
    {
        var files = new ProjectFiles(new Dictionary<string, string>());

        Assert.Contains(word, Assert.Single(Unsupported.In(Project(service), files)), StringComparison.Ordinal);
    }

    private static ComposeProject Project(string service)
    {
        var text = $"services:\n  web:\n    {service.Replace("\n", "\n    ", StringComparison.Ordinal)}\n"
            + "networks: {front: {}, back: {}}\nvolumes: {d: {}}\nconfigs: {page: {content: hidden-page}}\n"
            + "secrets: {key: {environment: KEY}}\n";
        var values = new Dictionary<string, string> { ["KEY"] = "hidden-key" };
        return Projects.Right(Projects.Load(new ComposeOptions { ProjectName = "shop", Values = values }, ("compose.yaml", text)));
    }

    private static JsonObject BodyOf(string service, IReadOnlyDictionary<string, string>? kept = null)
    {
        var project = Project(service);
        return ContainerBody.Of(
            project, project.Services[0], new ContainerPlace("shop-web-2", 2, "app:1", "sha256:1", s_none, s_none, kept ?? s_none));
    }
}
