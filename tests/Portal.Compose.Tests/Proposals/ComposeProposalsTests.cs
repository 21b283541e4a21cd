using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Compose.Docker;
using Portal.Compose.Loading;
using Portal.Compose.Model;
using Portal.Compose.Proposals;
using Portal.Compose.Sources;

namespace Portal.Compose.Tests.Proposals;

/// <summary>What is proposed of a container makes the same container again.</summary>
public sealed class ComposeProposalsTests
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    [Theory]
    [InlineData("image: nginx")]
    [InlineData("image: nginx, command: [sh, -c, 'echo $$HOME \"a\\\\b\" # no comment'], entrypoint: [/bin/x], user: '1000:1000', working_dir: /srv")]
    [InlineData("image: nginx, environment: {A: '1', B: 'yes', C: '', D: 'two words: x', E: '$${NOT}', F: '- x', G: \"a\\nb\\tc\"}")]
    [InlineData("image: nginx, ports: ['8080:80', '127.0.0.1:53:53/udp', '[::1]:81:81', '80'], expose: ['9000']")]
    [InlineData("image: nginx, volumes: ['data:/d', '/h:/h:ro', {type: bind, source: /p, target: /p, bind: {propagation: rslave}}], tmpfs: ['/t:size=1m', /u]")]
    [InlineData("image: nginx, networks: {back: {aliases: [x, y], ipv4_address: 10.1.2.3}}, hostname: web, extra_hosts: ['a:1.2.3.4']")]
    [InlineData("image: nginx, network_mode: host, privileged: true, pid: host, cap_add: [NET_ADMIN], security_opt: ['seccomp=unconfined']")]
    [InlineData("image: nginx, restart: 'on-failure:3', mem_limit: 512m, cpus: 1.5, pids_limit: 100, cpuset: '0,1', shm_size: 128m, oom_score_adj: -5")]
    [InlineData("image: nginx, healthcheck: {test: [CMD-SHELL, 'true || $$(x)'], interval: 90s, timeout: 1500ms, retries: 4}, stop_signal: SIGINT")]
    [InlineData("image: nginx, ulimits: {nofile: {soft: 1, hard: 2}}, logging: {driver: syslog, options: {a: b}}, devices: ['/dev/a:/dev/b:r', '/dev/c']")]
    [InlineData("image: nginx, labels: {a: 'b$$c', 'x.y/z': '1'}, tty: true, stdin_open: true, init: true, read_only: true, stop_grace_period: 5s")]
    [InlineData("image: nginx, sysctls: {net.core.somaxconn: '1024'}, dns: [1.1.1.1], dns_search: [x.y], group_add: ['5'], runtime: nvidia, ipc: host")]
    public void Container_OfAService_IsProposedAsTheSameContainer(string service)
    {
        var before = Projects.Right(Projects.Load(
            $"services: {{web: {{{service}}}}}\nvolumes: {{data: {{external: true}}}}\nnetworks: {{back: {{external: true}}}}"));
        var body = Body(before);
        var inspected = Inspected(body, "web");

        var proposal = ComposeProposals.Of([new FoundContainer(inspected, null)]);

        var after = Load(proposal, "other");
        Assert.Equal(Plain(body), Plain(Body(after)));
        Assert.Null(proposal.Project);
    }

    [Fact]
    public void Container_ThatIsWhatItsImageSays_HasAShortFile()
    {
        var inspected = Json(
            """
            {"Id": "abcdef123456789", "Name": "/web", "Image": "sha256:1", "Mounts": [],
             "Config": {"Image": "nginx", "Hostname": "abcdef123456", "Env": ["PATH=/bin", "OWN=1"], "Cmd": ["nginx"], "User": "app",
                        "Labels": {"of": "image", "own": "x"}, "ExposedPorts": {"80/tcp": {}}, "Healthcheck": {"Test": ["CMD", "x"]}},
             "HostConfig": {"NetworkMode": "bridge", "RestartPolicy": {"Name": "no"}, "ShmSize": 67108864, "LogConfig": {"Type": "json-file", "Config": {}},
                            "Runtime": "runc", "IpcMode": "private", "PidsLimit": null},
             "NetworkSettings": {"Networks": {"bridge": {}}}}
            """);
        var image = Json(
            """
            {"Config": {"Env": ["PATH=/bin"], "Cmd": ["nginx"], "User": "app", "Labels": {"of": "image"}, "ExposedPorts": {"80/tcp": {}},
                        "Healthcheck": {"Test": ["CMD", "x"]}}}
            """);

        var proposal = ComposeProposals.Of([new FoundContainer(inspected, image)]);

        Assert.Equal(
            """
            services:
              web:
                image: nginx
                container_name: web
                environment:
                  OWN: "1"
                network_mode: bridge
                labels:
                  own: x

            """,
            proposal.Text);
    }

    [Fact]
    public void Containers_OfAProject_StayItsOwnAndKeepTheirReplicas()
    {
        static JsonElement Of(string service, int number) => Json(
            $$"""
            {"Id": "{{service}}{{number}}", "Name": "/shop-{{service}}-{{number}}",
             "Mounts": [{"Type": "volume", "Name": "shop_data", "Destination": "/d", "RW": true}],
             "Config": {"Image": "x", "Labels": {"com.docker.compose.project": "shop", "com.docker.compose.service": "{{service}}",
                                                  "com.docker.compose.container-number": "{{number}}"} },
             "HostConfig": {"NetworkMode": "shop_default"}, "NetworkSettings": {"Networks": {"shop_default": {"Aliases": ["{{service}}"]} } } }
            """);

        var proposal = ComposeProposals.Of(
            [new(Of("web", 1), null), new(Of("web", 2), null), new(Of("db", 1), null)]);

        Assert.Equal("shop", proposal.Project);
        var project = Load(proposal, "shop");
        Assert.Equal(["db", "web"], project.Services.Select(service => service.Name).Order());
        Assert.Equal(2, project.Services.Single(service => service.Name == "web").Replicas);
        Assert.DoesNotContain("container_name", proposal.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("external", proposal.Text, StringComparison.Ordinal);
        Assert.Equal(["shop_data"], project.Volumes.Select(volume => volume.Name));
        Assert.Equal(["shop_default"], project.Networks.Select(network => network.Name));
    }

    [Fact]
    public void Secrets_ByTheirNames_AreNotInTheFile()
    {
        var inspected = Json(
            """
            {"Id": "1", "Name": "/my.db", "Config": {"Image": "x", "Env": [
                "DB_PASSWORD=hunter2", "API_KEY=k", "PASSWORD_FILE=/run/x", "EMPTY_TOKEN=", "PLAIN=1"]}, "HostConfig": {}}
            """);

        var proposal = ComposeProposals.Of([new FoundContainer(inspected, null)]);

        Assert.DoesNotContain("hunter2", proposal.Text, StringComparison.Ordinal);
        Assert.Equal(
            [new("MY_DB_DB_PASSWORD", "hunter2"), new KeyValuePair<string, string>("MY_DB_API_KEY", "k")], proposal.Values);
        Assert.Contains("/run/x", proposal.Text, StringComparison.Ordinal);
        var environment = Load(proposal, "x").Services.Single().Environment;
        Assert.Equal("hunter2", environment.Single(pair => pair.Key == "DB_PASSWORD").Value);
    }

    [Fact]
    public void Container_InTheNetworkOfAnother_NamesItsService()
    {
        var one = Json("""{"Id": "aa11", "Name": "/vpn", "Config": {"Image": "x"}, "HostConfig": {"NetworkMode": "bridge"}}""");
        var two = Json("""{"Id": "bb22", "Name": "/app", "Config": {"Image": "x"}, "HostConfig": {"NetworkMode": "container:aa11"}}""");

        Assert.Contains("\"service:vpn\"", ComposeProposals.Of([new(one, null), new(two, null)]).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"Config": [], "HostConfig": "x", "Mounts": {}, "NetworkSettings": 3, "Name": 4}""")]
    [InlineData("""{"Name": "/", "Config": {"Image": "x\n  privileged: true", "Env": [1, null, "NO"], "Labels": {"a: b": "c\n#"}}, "HostConfig": {"Memory": "x"}}""")]
    public void Container_ThatNobodyKnows_BreaksNothing(string text)
    {
        var proposal = ComposeProposals.Of([new FoundContainer(Json(text), Json("[]"))]);

        Assert.DoesNotContain("\n  privileged", proposal.Text, StringComparison.Ordinal);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement.Clone();

    private static JsonObject Body(ComposeProject project)
    {
        var service = project.Services.Single();
        return ContainerBody.Of(project, service, new ContainerPlace("s", 1, service.Image, "", s_none, s_none, s_none));
    }

    // As an engine tells of a container that was made so.
    private static JsonElement Inspected(JsonObject body, string name)
    {
        var (config, host) = ((JsonObject)body.DeepClone(), (JsonObject)body["HostConfig"]!.DeepClone());
        var networks = body["NetworkingConfig"]?["EndpointsConfig"]?.DeepClone() ?? new JsonObject();
        config.Remove("HostConfig");
        config.Remove("NetworkingConfig");
        Unlabel(config);

        var mounts = new JsonArray();
        foreach (var bind in host["Binds"]?.AsArray().Select(item => item!.GetValue<string>().Split(':')) ?? [])
        {
            var options = bind.Length > 2 ? bind[2].Split(',') : [];
            mounts.Add(new JsonObject
            {
                ["Type"] = "bind", ["Source"] = bind[0], ["Destination"] = bind[1], ["RW"] = !options.Contains("ro"),
                ["Propagation"] = options.FirstOrDefault(option => option.EndsWith("slave", StringComparison.Ordinal)) ?? "rprivate",
            });
        }

        foreach (var mount in host["Mounts"]?.AsArray() ?? [])
        {
            mounts.Add(new JsonObject
            {
                ["Type"] = mount!["Type"]!.DeepClone(), ["Name"] = mount["Source"]!.DeepClone(), ["Destination"] = mount["Target"]!.DeepClone(),
                ["RW"] = mount["ReadOnly"]?.GetValue<bool>() != true,
            });
        }

        var inspected = new JsonObject
        {
            ["Id"] = "0123456789abcdef", ["Name"] = "/" + name, ["Config"] = config, ["HostConfig"] = host, ["Mounts"] = mounts,
            ["NetworkSettings"] = new JsonObject { ["Networks"] = networks },
        };
        return Json(inspected.ToJsonString());
    }

    // Names of Compose's own and the order of maps say nothing.
    private static string Plain(JsonObject body)
    {
        var copy = (JsonObject)body.DeepClone();
        Unlabel(copy);
        return Sorted(copy)!.ToJsonString();
    }

    private static void Unlabel(JsonObject body)
    {
        var labels = body["Labels"]!.AsObject();
        foreach (var label in labels.Select(pair => pair.Key).Where(key => key.StartsWith("com.docker", StringComparison.Ordinal)).ToList())
        {
            labels.Remove(label);
        }
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static ComposeProject Load(ComposeProposal proposal, string name)
    {
        var result = ComposeLoader.Load(
            new OneFile(proposal.Text), new ComposeOptions { ProjectName = name, Values = proposal.Values.ToDictionary() });
        return result.Project ?? throw new InvalidOperationException(
            proposal.Text + string.Join('\n', result.Problems.Select(problem => $"{problem.Key}: {problem.Message}")));
    }

    private sealed class OneFile(string text) : IProjectFiles
    {
        public string? Read(string path) => path == "compose.yaml" ? text : null;
    }
}
