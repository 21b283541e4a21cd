using System.Security.Cryptography;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agent.Tests.Fakes;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Docker.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Signing;
using Portal.Contracts.Policies.V1;
using Portal.Contracts.Volumes.V1;
using Portal.Data;
using Portal.Data.Entities.Access;
using Portal.Engine.Containers;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Access;
using Portal.Web.Features.Policies;
using Portal.Web.Features.Policies.Enforcing;
using Portal.Web.Nodes;
using Policy = Portal.Contracts.Policies.Policy;
using PolicyRules = Portal.Contracts.Policies.PolicyRules;
using SignatureRule = Portal.Contracts.Policies.SignatureRule;

namespace Portal.Link.Tests;

/// <summary>The agent holds what comes over the link to policies, with what it alone knows: links, volumes, other containers, ids.</summary>
public sealed class PolicyServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_all = [.. PermissionCatalog.All.Select(one => one.Name).Except([PermissionNames.PoliciesBypass])];
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("policies-").FullName;
    private TestPortal _portal = null!;
    private Guid _node;

    private FakeContainers Containers => _agent.Engine.Containers;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public async Task DisposeAsync()
    {
        await Disposal.AllAsync(_agent, _portal, _instance);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task CreateContainer_PathThatLeadsElsewhere_IsRefused()
    {
        Directory.CreateDirectory($"{_folder}/data/real");
        Directory.CreateDirectory($"{_folder}/database");
        File.CreateSymbolicLink($"{_folder}/data/out", "/etc");
        File.CreateSymbolicLink($"{_folder}/linked", $"{_folder}/database");
        await SetAsync(new PolicyRules
        {
            HostPaths = [new HostPathRule($"{_folder}/data", Writable: true), new HostPathRule($"{_folder}/linked")],
        });

        await CreateAsync(new CreateContainerRequest { Binds = { $"{_folder}/data/real:/x" } });
        await CreateAsync(new CreateContainerRequest { Binds = { $"{_folder}/linked/x:/x:ro" } });
        await CreateAsync(new CreateContainerRequest { Binds = { "volume:/x" } });
        await RefusedAsync(new CreateContainerRequest { Binds = { $"{_folder}/database:/x" } });
        await RefusedAsync(new CreateContainerRequest { Binds = { $"{_folder}/data/../database:/x" } });
        await RefusedAsync(new CreateContainerRequest { Binds = { $"{_folder}/linked:/x" } });
        await RefusedAsync(new CreateContainerRequest
        {
            Mounts = { new Mount { Type = "bind", Source = "/var/run/docker.sock", Target = "/s" } },
        });
        var message = await RefusedAsync(new CreateContainerRequest { Binds = { $"{_folder}/data/out/new:/x" } });
        Assert.Contains("'/etc/new'", message, StringComparison.Ordinal);
        Assert.Contains($"{_folder}/data/out/new leads there", message, StringComparison.Ordinal);
        Assert.Contains("The policy 'shop'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CreateContainer_MountsOfOthers_CountAsItsOwn()
    {
        await CreateAsync(new CreateContainerRequest { Name = "holder" });
        Containers.SetMounts("holder", new ContainerMount("bind", "", "/etc", "/x", "", Writable: true));
        await CreateAsync(new CreateContainerRequest { Name = "sharer", NetworkMode = "host" });
        await CreateAsync(new CreateContainerRequest { Name = "middle", NetworkMode = "container:sharer" });
        await SetAsync(new PolicyRules { HostPaths = [new HostPathRule("/etc")], HostNamespaces = [] });

        await CreateAsync(new CreateContainerRequest { NetworkMode = "shop" });
        Assert.Contains("network", await RefusedAsync(new CreateContainerRequest { NetworkMode = "container:middle" }));
        await DockerAsync(403, "/containers/create", """{"Image":"busybox","HostConfig":{"VolumesFrom":["holder"]}}""");
        await DockerAsync(201, "/containers/create", """{"Image":"busybox","HostConfig":{"VolumesFrom":["holder:ro"]}}""");
    }

    [Fact]
    public async Task StartContainer_FolderThatBecameALink_IsRefused()
    {
        Directory.CreateDirectory($"{_folder}/data/x");
        await SetAsync(new PolicyRules { HostPaths = [new HostPathRule($"{_folder}/data", Writable: true)] });
        await CreateAsync(new CreateContainerRequest { Name = "web", Binds = { $"{_folder}/data/x:/x" } });
        Containers.SetMounts("web", new ContainerMount("bind", "", $"{_folder}/data/x", "/x", "", Writable: true));
        await Client().StartContainerAsync(new StartContainerRequest { Container = "web" });

        Directory.Delete($"{_folder}/data/x");
        File.CreateSymbolicLink($"{_folder}/data/x", "/etc");

        var start = await Assert.ThrowsAsync<RpcException>(
            () => Client().StartContainerAsync(new StartContainerRequest { Container = "web" }).ResponseAsync);
        Assert.Contains("'/etc'", start.Status.Detail, StringComparison.Ordinal);
        var restart = await Assert.ThrowsAsync<RpcException>(
            () => Client().RestartContainerAsync(new RestartContainerRequest { Container = "web" }).ResponseAsync);
        Assert.Equal(StatusCode.PermissionDenied, restart.StatusCode);
        Assert.Equal(StatusCode.PermissionDenied, await DockerFailureAsync("/containers/web/start", ""));
        await Client().StopContainerAsync(new StopContainerRequest { Container = "web" });
    }

    [Fact]
    public async Task Policies_EachKindOfRequest_IsHeldToThem()
    {
        await SetAsync(new PolicyRules
        {
            Registries = ["docker.io/library/busybox"], Capabilities = [], Devices = [], VolumeTypes = ["tmpfs"],
            ForbidPrivileged = true, ForbidOtherHostAccess = true, LargestMemoryBytes = 64 << 20,
        });
        CreateContainerRequest Small() => new() { Resources = new Resources { MemoryBytes = 32 << 20 } };

        await CreateAsync(Small());
        await RefusedAsync(new CreateContainerRequest());
        var privileged = Small();
        privileged.Privileged = true;
        await RefusedAsync(privileged);
        var named = await CreateAsync(Small());
        await Assert.ThrowsAsync<RpcException>(
            () => Client().UpdateContainerAsync(new UpdateContainerRequest { Container = named, MemoryBytes = 65 << 20 }).ResponseAsync);
        using (var pull = Images().PullImage(new PullImageRequest { Image = "evil.net/x" }))
        {
            var refused = await Assert.ThrowsAsync<RpcException>(() => pull.ResponseStream.MoveNext());
            Assert.Equal(StatusCode.PermissionDenied, refused.StatusCode);
        }

        var volume = new CreateVolumeRequest { Name = "v", Options = { ["type"] = "none", ["o"] = "bind", ["device"] = "/etc" } };
        await Assert.ThrowsAsync<RpcException>(
            () => new VolumeService.VolumeServiceClient(Invoker()).CreateVolumeAsync(volume).ResponseAsync);
        Assert.Equal("", _agent.Engine.Volumes.Asked);
        Assert.Equal(StatusCode.PermissionDenied, await DockerFailureAsync("/networks/create", """{"Name":"n","Driver":"macvlan"}"""));
        Assert.Equal(StatusCode.PermissionDenied, await DockerFailureAsync("/containers/x/exec", """{"Cmd":["sh"],"Privileged":true}"""));
        Assert.Equal(StatusCode.PermissionDenied, await DockerFailureAsync("/images/create", "", "?fromImage=evil.net%2Fx"));
    }

    [Fact]
    public async Task CreateContainer_ImageThatMustBeSigned_IsMadeOfASignedOneAlone()
    {
        Containers.ImageId = FakeImages.Id;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Assert.True(SigningKey.TryParse(key.ExportSubjectPublicKeyInfoPem(), out var signer, out _));
        await SetAsync(new PolicyRules { Signatures = [new SignatureRule("docker.io/library/*", [key.ExportSubjectPublicKeyInfoPem()])] });

        var message = await RefusedAsync(new CreateContainerRequest());
        Assert.Contains("image busybox: there is no signature of it in the registry", message, StringComparison.Ordinal);
        Assert.Contains($"need a signature by the key {signer.Short}", message, StringComparison.Ordinal);
        Assert.Equal(StatusCode.PermissionDenied, await DockerFailureOrStatusAsync("/containers/create", """{"Image":"busybox"}"""));
        Assert.Equal(StatusCode.PermissionDenied, await DockerFailureOrStatusAsync("/containers/create", $$"""{"Image":"{{FakeImages.Id}}"}"""));
        Assert.Contains("no signature", await CheckImageAsync("busybox", pulls: true));
        Assert.Contains("no signature", await CheckImageAsync("busybox", pulls: false));
        Assert.Equal("", await CheckImageAsync("registry.example.com/x", pulls: true));
        _agent.Engine.Signatures.SignedBy["docker.io/library/busybox"] = signer.Fingerprint;
        Assert.Equal("", await CheckImageAsync("busybox", pulls: true));
        Assert.Equal("", await CheckImageAsync("busybox", pulls: false));
        await CreateAsync(new CreateContainerRequest());

        // The name stands for another image by the time that the engine looks: that one nobody has checked.
        Containers.ImageId = "sha256:" + new string('e', 64);
        var moved = await Assert.ThrowsAsync<RpcException>(() => CreateAsync(new CreateContainerRequest { Name = "moved" }));
        Assert.Contains("another image meanwhile", moved.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(await Containers.ListAsync(), container => container.Name == "moved");
        await Client(PermissionNames.PoliciesBypass).CreateContainerAsync(new CreateContainerRequest { Image = "busybox", Name = "bypassed" });
    }

    [Fact]
    public async Task CreateContainer_AssertedBypass_IsMade()
    {
        await SetAsync(new PolicyRules { ForbidPrivileged = true });

        await RefusedAsync(new CreateContainerRequest { Privileged = true });
        await Client(PermissionNames.PoliciesBypass)
            .CreateContainerAsync(new CreateContainerRequest { Image = "busybox", Privileged = true });
    }

    [Fact]
    public async Task Policies_AgentStartedAnewOrCopyDamaged_Hold()
    {
        await SetAsync(new PolicyRules { ForbidPrivileged = true });
        await RestartAgentAsync();
        await RefusedAsync(new CreateContainerRequest { Privileged = true });
        await CreateAsync(new CreateContainerRequest());

        await _agent.StopAsync();
        await File.WriteAllBytesAsync(Path.Combine(_agent.Settings.Paths.Identity, "policies"), [0xff, 0xff, 0xff]);
        await RestartAgentAsync();
        Assert.Contains("can't be read", await RefusedAsync(new CreateContainerRequest { CapabilitiesToAdd = { "SYS_TIME" } }));
        await SetAsync(new PolicyRules());
        await CreateAsync(new CreateContainerRequest { CapabilitiesToAdd = { "SYS_TIME" } });
    }

    [Fact]
    public async Task Sender_PolicyMadeAndRemoved_ReachesTheNode()
    {
        var agents = new SignatureAgents();
        var sender = new PolicySender(
            new PolicyBook(_portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>(), agents), new PolicySignal(), agents,
            _portal.Clients, _portal.Fleet, TimeProvider.System, new RecordingLogger<PolicySender>());
        using (sender)
        {
            await sender.StartAsync(default);
            await AddAsync(new PolicyRules { ForbidPrivileged = true });
            await Eventually.HoldsAsync(async () => !await IsMadeAsync(), "the node refuses it");
            await using (var database = Database())
            {
                await database.Policies.ExecuteDeleteAsync();
            }

            await Eventually.HoldsAsync(IsMadeAsync, "the node allows it");
            Assert.Empty(sender.WithoutPolicies);
            Assert.Empty(sender.WithoutSignatures);
            Assert.True(agents.Looks(_node));
            await sender.StopAsync(default);
        }
    }

    private async Task<string> CheckImageAsync(string image, bool pulls)
    {
        var client = new PolicyService.PolicyServiceClient(Invoker());
        return (await client.CheckImageAsync(new CheckImageRequest { Image = image, Pulls = pulls })).Refusal;
    }

    private async Task<bool> IsMadeAsync()
    {
        try
        {
            await Client().CreateContainerAsync(
                new CreateContainerRequest { Image = "busybox", Privileged = true, Name = $"c{Guid.NewGuid():N}" });
            return true;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.PermissionDenied)
        {
            return false;
        }
    }

    private PortalDbContext Database() =>
        _portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContext();

    private async Task AddAsync(PolicyRules rules)
    {
        await using var database = Database();
        var record = new PolicyRecord { Id = Guid.NewGuid(), Name = "shop", NodeId = _node, Rules = PolicyEntry.WriteRules(rules) };
        database.Policies.Add(record);
        await database.SaveChangesAsync();
    }

    private async Task SetAsync(PolicyRules rules)
    {
        var request = new SetPoliciesRequest { Version = 7, Policies = { PolicyMapping.ToMessage(new Policy("shop", rules)) } };
        var client = new PolicyService.PolicyServiceClient(
            _portal.Clients.For(_node, TestPortal.Admin, PermissionNames.PoliciesManage));
        Assert.Equal(7, (await client.SetPoliciesAsync(request)).Version);
    }

    private async Task<string> CreateAsync(CreateContainerRequest request)
    {
        request.Image = "busybox";
        request.Name = request.Name.Length > 0 ? request.Name : $"c{Guid.NewGuid():N}";
        return (await Client().CreateContainerAsync(request)).Name;
    }

    private async Task<string> RefusedAsync(CreateContainerRequest request)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => CreateAsync(request));
        Assert.Equal(StatusCode.PermissionDenied, failure.StatusCode);
        return failure.Status.Detail;
    }

    private async Task DockerAsync(int status, string path, string body)
    {
        using var call = await SendAsync(path, body, "");
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(status, call.ResponseStream.Current.Head.Status);
    }

    private async Task<StatusCode> DockerFailureAsync(string path, string body, string query = "")
    {
        using var call = await SendAsync(path, body, query);
        return (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode;
    }

    // The engine's own refusals come as Docker's answers, those before it as failures of the call.
    private async Task<StatusCode> DockerFailureOrStatusAsync(string path, string body)
    {
        using var call = await SendAsync(path, body, "");
        try
        {
            Assert.True(await call.ResponseStream.MoveNext());
            return call.ResponseStream.Current.Head.Status == 403 ? StatusCode.PermissionDenied : StatusCode.OK;
        }
        catch (RpcException failure)
        {
            return failure.StatusCode;
        }
    }

    private async Task<AsyncDuplexStreamingCall<SendRequest, SendResponse>> SendAsync(string path, string body, string query)
    {
        var call = new DockerService.DockerServiceClient(Invoker()).Send();
        var head = new DockerRequestHead
        {
            Method = "POST", Path = path, Query = query, Body = Google.Protobuf.ByteString.CopyFromUtf8(body),
            Headers = { new DockerHeader { Name = "Content-Type", Value = "application/json" } },
        };
        head.Headers.Add(new DockerHeader { Name = "Content-Length", Value = $"{body.Length}" });
        await call.RequestStream.WriteAsync(new SendRequest { Head = head });
        await call.RequestStream.CompleteAsync();
        return call;
    }

    private ContainerService.ContainerServiceClient Client(params string[] more) => new(Invoker(more));

    private ImageService.ImageServiceClient Images() => new(Invoker());

    private CallInvoker Invoker(params string[] more) => _portal.Clients.For(_node, TestPortal.Admin, [.. s_all, .. more]);

    private async Task RestartAgentAsync()
    {
        await _agent.StopAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Offline, "the node is offline");
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }
}
