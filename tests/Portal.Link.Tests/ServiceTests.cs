using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using Grpc.Core;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Images.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Registries.V1;
using Portal.Contracts.System.V1;
using Portal.Engine.Errors;
using Portal.Link.Tests.Environment;
using Portal.Testing;
using Portal.Testing.Databases;
using Portal.Web.Nodes;

namespace Portal.Link.Tests;

/// <summary>The agent's services as the portal sees them: over the link, through every interceptor.</summary>
public sealed class ServiceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly string[] s_all = [.. typeof(PermissionNames).GetFields().Select(field => (string)field.GetValue(null)!)];
    private readonly TestInstance _instance = new();
    private readonly TestAgent _agent = new();
    private TestPortal _portal = null!;
    private Guid _node;

    public Task InitializeAsync() => Disposal.UnlessBegunAsync(BeginAsync, DisposeAsync);

    public Task DisposeAsync() => Disposal.AllAsync(_agent, _portal, _instance);

    private async Task BeginAsync()
    {
        _portal = await TestPortal.StartAsync(postgres.ConnectionString, _instance.DataRoot);
        _node = await _agent.JoinAsync(_portal.Url, await _portal.MakeTokenAsync());
        await _agent.StartAsync();
        await Soon.TrueAsync(() => _portal.PresenceOf(_node) == NodePresence.Online, "the node is online");
    }

    [Fact]
    public async Task Containers_ThroughTheirLife_DoWhatTheEngineDoes()
    {
        var client = new ContainerService.ContainerServiceClient(Invoker);
        var created = await client.CreateContainerAsync(new CreateContainerRequest
        {
            Name = "web",
            Image = "busybox",
            Environment = { "A=1" },
            Ports = { new PortBinding { ContainerPort = 80, HostPort = 8080 } },
            RestartPolicy = new RestartPolicy { Kind = RestartPolicyKind.OnFailure, MaximumRetries = 3 },
            Binds = { "/srv:/srv:ro" },
        });
        Assert.False((await client.StartContainerAsync(new StartContainerRequest { Container = "web" })).WasRunning);
        Assert.True((await client.StartContainerAsync(new StartContainerRequest { Container = "web" })).WasRunning);
        await client.PauseContainerAsync(new PauseContainerRequest { Container = "web" });
        await client.UnpauseContainerAsync(new UnpauseContainerRequest { Container = "web" });
        await client.RenameContainerAsync(new RenameContainerRequest { Container = "web", NewName = "site" });
        var inspected = await client.InspectContainerAsync(new InspectContainerRequest { Container = "site" });
        var processes = await client.ListProcessesAsync(new ListProcessesRequest { Container = "site" });
        Assert.False((await client.StopContainerAsync(new StopContainerRequest { Container = "site", GraceSeconds = 0 })).WasStopped);
        await client.RemoveContainerAsync(new RemoveContainerRequest { Container = "site" });

        Assert.Equal(created.Id, inspected.Summary.Id);
        Assert.Equal(ContainerState.Running, inspected.Summary.State);
        Assert.Equal(RestartPolicyKind.OnFailure, inspected.Summary.RestartPolicy.Kind);
        Assert.Contains("\"Name\": \"/site\"", inspected.Json, StringComparison.Ordinal);
        Assert.Equal(42, processes.Processes.Single().Pid);
        Assert.Empty((await client.ListContainersAsync(new ListContainersRequest())).Containers);
    }

    [Fact]
    public async Task CreateContainer_StartFails_LeavesNothingBehindAndSaysWhy()
    {
        var client = new ContainerService.ContainerServiceClient(Invoker);
        _agent.Engine.Containers.StartFailure = EngineException.Conflict("Bind for 0.0.0.0:80 failed: port is already allocated");
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.CreateContainerAsync(new CreateContainerRequest { Image = "busybox", Start = true }));

        Assert.Equal(StatusCode.FailedPrecondition, failure.StatusCode);
        Assert.Contains("already allocated", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Empty((await client.ListContainersAsync(new ListContainersRequest())).Containers);
    }

    [Fact]
    public async Task CreateContainer_SeveralProblems_AreToldAtOnce()
    {
        var client = new ContainerService.ContainerServiceClient(Invoker);
        var failure = await Assert.ThrowsAsync<RpcException>(async () => await client.CreateContainerAsync(new CreateContainerRequest
        {
            Image = "busybox",
            Ports = { new PortBinding { ContainerPort = 70000 }, new PortBinding { ContainerPort = 1, HostPort = -1 } },
        }));
        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("70000", failure.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("-1", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Call_BugInTheEngine_TellsNothingOfIt()
    {
        _agent.Engine.Containers.StartFailure = new InvalidDataException("secret detail");
        var client = new ContainerService.ContainerServiceClient(Invoker);
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.StartContainerAsync(new StartContainerRequest { Container = "any" }));
        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.DoesNotContain("secret", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PullImage_Registry_ProgressThenImageOrTheReason()
    {
        var client = new ImageService.ImageServiceClient(Invoker);
        using var pull = client.PullImage(new PullImageRequest { Image = "busybox" });
        var events = new List<PullImageResponse>();
        await foreach (var news in pull.ResponseStream.ReadAllAsync())
        {
            events.Add(news);
        }

        Assert.Equal(TransferPhase.Complete, events[^2].Progress.Phase);
        Assert.Equal(20, events[^2].Progress.Total);
        Assert.Equal(2, events[^1].Image.Containers);
        using var failing = client.PullImage(new PullImageRequest { Image = "nowhere/none" });
        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var news in failing.ResponseStream.ReadAllAsync())
            {
                Assert.NotNull(news.Progress);
            }
        });
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Theory]
    [InlineData("", "", null)]
    [InlineData("ada", "s3cret", "user 'ada'")]
    public async Task PullImage_Credentials_GoIntoThatCall(string user, string password, string? expected)
    {
        var client = new ImageService.ImageServiceClient(Invoker);
        using var pull = client.PullImage(new PullImageRequest
        {
            Image = "busybox",
            Credentials = new RegistryCredentials { Username = user, Password = password },
        });
        await foreach (var news in pull.ResponseStream.ReadAllAsync())
        {
            Assert.NotEqual(PullImageResponse.EventOneofCase.None, news.EventCase);
        }

        Assert.Equal(expected, _agent.Engine.Registries.Credentials?.ToString());
        Assert.Equal(expected is null ? null : password, _agent.Engine.Registries.Credentials?.Password);
    }

    [Fact]
    public async Task LoadImages_EightMegabytesInPieces_AllArrive()
    {
        var client = new ImageService.ImageServiceClient(Invoker);
        using var load = client.LoadImages();
        var piece = ByteString.CopyFrom(new byte[256 * 1024]);
        for (var number = 0; number < 32; number++)
        {
            await load.RequestStream.WriteAsync(new LoadImagesRequest { Data = piece });
        }

        await load.RequestStream.CompleteAsync();
        LoadImagesResponse last = new();
        await foreach (var news in load.ResponseStream.ReadAllAsync())
        {
            last = news;
        }

        Assert.Equal("busybox:latest", last.Loaded.Images.Single().Name);
        Assert.Equal(8 * 1024 * 1024, _agent.Engine.Images.LoadedBytes);
    }

    [Fact]
    public async Task MeasureDisk_ContainersWithAndWithoutALog_TellsEachCategoryAndSharesTheAnswer()
    {
        var container = await _agent.Engine.Containers.CreateAsync(
            new Portal.Engine.Containers.ContainerSpec { Name = "web", Image = "busybox" }, default);
        var log = _instance.TempPath("container.log");
        await File.WriteAllTextAsync(log, "0123456789");
        await File.WriteAllTextAsync(log + ".000001", "01234");
        _agent.Engine.Containers.SetLogPath(container.Id, log);
        var client = new SystemService.SystemServiceClient(Invoker);
        var first = await client.MeasureDiskAsync(new MeasureDiskRequest());
        await File.AppendAllTextAsync(log, "more");
        var second = await client.MeasureDiskAsync(new MeasureDiskRequest());

        Assert.Equal(
            [
                DiskCategoryKind.Images, DiskCategoryKind.Containers, DiskCategoryKind.Volumes, DiskCategoryKind.BuildCache,
                DiskCategoryKind.Logs,
            ],
            first.Categories.Select(category => category.Kind));
        Assert.Equal(1, first.Categories[1].Count);
        Assert.Equal(15, first.Categories[4].Bytes);
        Assert.All(first.Categories, category => Assert.InRange(category.ReclaimableBytes, 0, category.Bytes));
        Assert.Equal(first, second);
    }

    [Fact]
    public async Task System_InfoAndNetworks_AreTheNodes()
    {
        var client = new SystemService.SystemServiceClient(Invoker);
        var info = (await client.GetInfoAsync(new GetInfoRequest())).Info;
        var networks = await client.ListNetworksAsync(new ListNetworksRequest());

        Assert.Equal(global::System.Environment.MachineName, info.Hostname);
        Assert.Equal(_agent.Settings.Paths.DockerSocket, info.DockerSocket);
        Assert.Equal("runc", info.RuntimeName);
        Assert.True(info.BootedAt.ToDateTimeOffset() < info.AgentStartedAt.ToDateTimeOffset());
        Assert.Equal("bridge", networks.Networks.Single().Name);
    }

    [Fact]
    public async Task Listeners_EachOther_ServeNothingOfEachOther()
    {
        using var docker = OpenDockerSocket();
        Assert.Equal(HttpStatusCode.OK, (await docker.GetAsync("/_ping")).StatusCode);
        using var body = new ByteArrayContent([0, 0, 0, 0, 0]);
        body.Headers.ContentType = new("application/grpc");
        Assert.Equal(HttpStatusCode.NotFound, (await docker.PostAsync("/portal.system.v1.SystemService/Ping", body)).StatusCode);

        var dockerPath = new Method<PingRequest, PingResponse>(
            MethodType.Unary, "containers", "json", Marshaller(PingRequest.Parser), Marshaller(PingResponse.Parser));
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await Invoker.AsyncUnaryCall(dockerPath, null, default, new PingRequest()));
        Assert.Equal(StatusCode.Unimplemented, failure.StatusCode);
    }

    private CallInvoker Invoker => _portal.Clients.For(_node, TestPortal.Admin, s_all);

    private HttpClient OpenDockerSocket()
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(_agent.Settings.Paths.DockerSocket), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri("http://docker") };
    }

    private static Marshaller<T> Marshaller<T>(MessageParser<T> parser)
        where T : IMessage<T> => Marshallers.Create(message => message.ToByteArray(), parser.ParseFrom);
}
