using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Engine.Networks;
using Portal.Engine.Runtime;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers;

public sealed class CreationTests : IAsyncLifetime
{
    private FakeEngine _engine = null!;

    public async Task InitializeAsync() => _engine = await FakeEngine.StartAsync();

    public async Task DisposeAsync() => await _engine.DisposeAsync();

    [Fact]
    public async Task Create_Defaults_MergesTheImageAndMakesUpAName()
    {
        _engine.Images.Add("web:latest", new ImageConfig
        {
            Entrypoint = ["/entry"],
            Command = ["serve"],
            Environment = ["A=1", "B=2"],
            WorkingDirectory = "/srv",
            User = "www",
            StopSignal = "SIGQUIT",
            ExposedPorts = ["80/tcp"],
            Labels = new Dictionary<string, string> { ["from"] = "image", ["both"] = "image" },
            Volumes = ["/cache"],
        });

        var created = await _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "web",
            Environment = ["B=3", "C=4"],
            Labels = new Dictionary<string, string> { ["both"] = "own" },
        });

        var info = await _engine.Containers.InspectAsync(created.Id);
        Assert.Matches("^[0-9a-f]{64}$", created.Id);
        Assert.Matches("^[a-z]+_[a-z]+$", created.Name);
        Assert.Equal(["/entry", "serve"], info.Arguments);
        Assert.Equal(["B=3", "C=4", "A=1"], info.Spec.Environment);
        Assert.Equal("/srv", info.Spec.WorkingDirectory);
        Assert.Equal("www", info.Spec.User);
        Assert.Equal("SIGQUIT", info.Spec.StopSignal);
        Assert.Equal(created.Id[..12], info.Spec.Hostname);
        Assert.Equal("image", info.Spec.Labels["from"]);
        Assert.Equal("own", info.Spec.Labels["both"]);
        Assert.Equal(["80/tcp"], info.Spec.ExposedPorts);
        var volume = Assert.Single(info.Mounts);
        Assert.Equal("/cache", volume.Destination);
        Assert.True(Directory.Exists(volume.Source));
        Assert.Equal(ContainerState.Created, info.State);
    }

    [Theory]
    [InlineData("-odd_.name", true)]
    [InlineData("ä", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true)]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false)]
    [InlineData("two words", false)]
    [InlineData("two\nlines", false)]
    [InlineData("box#1", false)]
    public async Task Create_Hostname_IsWhatTheKernelAndTheHostsFileTake(string hostname, bool isTaken)
    {
        _engine.Images.Add("web:latest", new ImageConfig { Command = ["serve"] });
        var spec = new ContainerSpec { Image = "web", Hostname = hostname };

        if (isTaken)
        {
            var created = await _engine.Containers.CreateAsync(spec);
            Assert.Equal(hostname, (await _engine.Containers.InspectAsync(created.Id)).Spec.Hostname);
        }
        else
        {
            var refusal = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.CreateAsync(spec));
            Assert.Equal($"invalid hostname format: {hostname}", refusal.Message);
        }
    }

    [Theory]
    [InlineData("bogus", null, "invalid IPv4 address: bogus")]
    [InlineData("fd00::9", null, "invalid IPv4 address: fd00::9")]
    [InlineData(null, "10.0.0.9", "invalid IPv6 address: 10.0.0.9")]
    public async Task Create_AddressThatIsNone_IsRefused(string? address, string? address6, string problem)
    {
        _engine.Images.Add("web:latest", new ImageConfig { Command = ["serve"] });

        var refusal = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "web",
            Networks = [new NetworkConnection { Network = "bridge", Address = address, Address6 = address6 }],
        }));

        Assert.Equal((EngineErrorKind.InvalidArgument, problem), (refusal.Kind, refusal.Message));
    }

    [Theory]
    [InlineData(null, null, new[] { "/entry", "serve" })]
    [InlineData(null, new[] { "x" }, new[] { "/entry", "x" })]
    [InlineData(new[] { "/own" }, null, new[] { "/own" })]
    [InlineData(new[] { "/own" }, new[] { "x" }, new[] { "/own", "x" })]
    [InlineData(new[] { "" }, new[] { "x" }, new[] { "x" })]
    [InlineData(new string[0], null, new[] { "serve" })]
    public async Task Create_EntrypointAndCommand_FollowDockersRules(string[]? entrypoint, string[]? command, string[] expected)
    {
        _engine.Images.Add("web:latest", new ImageConfig { Entrypoint = ["/entry"], Command = ["serve"] });

        var created = await _engine.Containers.CreateAsync(
            new ContainerSpec { Image = "web", Entrypoint = entrypoint, Command = command });

        Assert.Equal(expected, (await _engine.Containers.InspectAsync(created.Id)).Arguments);
    }

    [Fact]
    public async Task Create_EntrypointTakenAwayAndNoCommand_IsRefused()
    {
        _engine.Images.Add("web:latest", new ImageConfig { Entrypoint = ["/entry"], Command = ["serve"] });

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "web", Entrypoint = [""] }));

        Assert.Equal("no command specified", failure.Message);
    }

    [Fact]
    public async Task Create_NameInUse_SaysItInDockersWords()
    {
        var first = await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "web" });

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "web" }));

        Assert.Equal(EngineErrorKind.Conflict, failure.Kind);
        Assert.Equal(
            $"Conflict. The container name \"/web\" is already in use by container \"{first.Id}\". "
            + "You have to remove (or rename) that container to be able to reuse that name.",
            failure.Message);
    }

    [Fact]
    public async Task Create_UnknownImage_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "nope" }));

        Assert.Equal(EngineErrorKind.NotFound, failure.Kind);
        Assert.Equal("No such image: nope:latest", failure.Message);
        AssertNothingLeft();
    }

    [Fact]
    public async Task Create_ManyProblems_NamesThemAll()
    {
        var failure = await Assert.ThrowsAsync<EngineException>(() => _engine.Containers.CreateAsync(new ContainerSpec
        {
            Image = "busybox",
            Name = "no spaces",
            Environment = ["=x"],
            Ports = [new PortBinding { ContainerPort = 70000 }],
            Binds = ["relative/path:/x", "/tmp:/"],
            RestartPolicy = new RestartPolicy(RestartPolicyKind.Always, 3),
            Resources = new RuntimeResources { Memory = 1024 },
            StopSignal = "SIGNOPE",
            WorkingDirectory = "here",
        }));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains("Invalid container name (no spaces), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", failure.Message);
        Assert.Contains("invalid environment variable: =x", failure.Message);
        Assert.Contains("70000", failure.Message);
        Assert.Contains("relative/path", failure.Message);
        Assert.Contains("destination can't be '/'", failure.Message);
        Assert.Contains("maximum retry count", failure.Message);
        Assert.Contains("Minimum memory limit allowed is 6MB", failure.Message);
        Assert.Contains("invalid signal: SIGNOPE", failure.Message);
        Assert.Contains("'here'", failure.Message);
        AssertNothingLeft();
    }

    [Theory]
    [InlineData("/tmp")]
    [InlineData("/tmp:relative")]
    [InlineData("/tmp:/x:what")]
    [InlineData(":/x")]
    [InlineData("/a:/b:ro:rw")]
    [InlineData("../up:/x")]
    [InlineData("/tmp:/x/..")]
    public async Task Create_BadBind_IsRefused(string bind)
    {
        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Binds = [bind] }));

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        AssertNothingLeft();
    }

    [Fact]
    public async Task Create_HostileImageConfig_IsRefused()
    {
        _engine.Images.Add("evil:latest", new ImageConfig { Command = ["x"], Volumes = ["../../etc"], StopSignal = "BOOM" });

        var failure = await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "evil" }));

        Assert.Contains("../../etc", failure.Message);
        Assert.Contains("invalid signal: BOOM", failure.Message);
        AssertNothingLeft();
    }

    [Fact]
    public async Task Create_SnapshotFails_LeavesNothingAndFreesTheName()
    {
        _engine.Images.Add("vol:latest", new ImageConfig { Command = ["x"], Volumes = ["/v"] });
        _engine.Snapshotter.OnPrepare = _ => throw new EngineException(EngineErrorKind.Unavailable, "The disk is full.");
        await Assert.ThrowsAsync<EngineException>(
            () => _engine.Containers.CreateAsync(new ContainerSpec { Image = "vol", Name = "web" }));
        AssertNothingLeft();

        _engine.Snapshotter.OnPrepare = _ => Task.CompletedTask;
        await _engine.Containers.CreateAsync(new ContainerSpec { Image = "vol", Name = "web" });
    }

    [Fact]
    public async Task Create_BeingMade_KeepsItsImageInUse()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _engine.Snapshotter.OnPrepare = async _ =>
        {
            reached.SetResult();
            await goOn.Task;
        };
        var creating = _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox" });
        await reached.Task;

        var users = (IImageUsers)_engine.Services.GetService(typeof(IImageUsers))!;
        var image = await _engine.Images.InspectAsync("busybox");
        Assert.True(Assert.Single(users.FindUsers(image.Id)).Running);

        goOn.SetResult();
        await creating;
        Assert.False(Assert.Single(users.FindUsers(image.Id)).Running);
    }

    [Fact]
    public async Task Create_ManyAtOnceWithOneName_MakesOne()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            try
            {
                await _engine.Containers.CreateAsync(new ContainerSpec { Image = "busybox", Name = "one" });
                return true;
            }
            catch (EngineException failure) when (failure.Kind == EngineErrorKind.Conflict)
            {
                return false;
            }
        }));

        Assert.Single(attempts, made => made);
        Assert.Single(await _engine.Containers.ListAsync());
    }

    private void AssertNothingLeft()
    {
        foreach (var folder in new[] { "containers", "volumes" })
        {
            var path = Path.Combine(_engine.DataRoot, folder);
            Assert.Empty(Directory.Exists(path) ? Directory.EnumerateFileSystemEntries(path) : []);
        }

        Assert.Empty(_engine.Snapshotter.Roots);
    }
}
