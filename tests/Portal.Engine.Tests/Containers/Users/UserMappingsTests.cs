using Portal.Engine.Containers;
using Portal.Engine.Containers.Lifecycle;
using Portal.Engine.Containers.Users;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Runtime.Namespaces;
using Portal.Testing;

namespace Portal.Engine.Tests.Containers.Users;

public sealed class UserMappingsTests : IAsyncDisposable
{
    private static readonly ContainerSpec s_spec = new() { Image = "busybox" };
    private readonly TestInstance _instance = new();

    public ValueTask DisposeAsync() => _instance.DisposeAsync();

    [Fact]
    public void Reserve_WithoutSetting_HasTheHostsIds()
    {
        Assert.Null(Mappings("").Reserve("a", s_spec));
    }

    [Fact]
    public void Reserve_RangesOfAUser_AreStackedInTheirOrder()
    {
        Write("other:1:5\n# note\ntester:200000:1000\ntester:100000:500\n", "tester:300000:10\n");

        var mapping = Mappings("tester").Reserve("a", s_spec)!;

        Assert.Equal([new IdRange(0, 100000, 500), new IdRange(500, 200000, 1000)], mapping.Users);
        Assert.Equal([new IdRange(0, 300000, 10)], mapping.Groups);
        Assert.Equal(200001u, mapping.UserOnHost(501));
        Assert.Equal(501u, mapping.UserInside(200001));
        Assert.Null(mapping.UserOnHost(1500));
        Assert.Null(mapping.UserInside(100500));
    }

    [Theory]
    [InlineData("1007:staff")]
    [InlineData("tester:1008")]
    [InlineData("1007:1008")]
    public void Reserve_ByNumberOrName_FindsBoth(string setting)
    {
        Write("tester:100000:500\n", "staff:300000:10\n");
        File.WriteAllText(_instance.TempPath("passwd"), "root:x:0:0::/:\ntester:x:1007:1008::/:\n");
        File.WriteAllText(_instance.TempPath("group"), "staff:x:1008:\n");

        Assert.Equal(100000u, Mappings(setting).Reserve("a", s_spec)!.RootUser);
        Assert.Equal(300000u, Mappings(setting).Reserve("a", s_spec)!.RootGroup);
    }

    [Theory]
    [InlineData("nobody-there")]
    [InlineData("a:b:c")]
    [InlineData(":x")]
    public void Check_WithoutRanges_SaysWhatHelps(string setting)
    {
        Write("tester:100000:500\n", "tester:100000:500\n");

        var failure = Assert.Throws<EngineException>(() => Mappings(setting).Check());

        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        Assert.Contains("userns-remap", failure.Message);
    }

    [Theory]
    [InlineData("tester:x:500")]
    [InlineData("tester:100000")]
    [InlineData("tester:4294967000:500")]
    [InlineData("tester:-5:500")]
    public void Check_MalformedLine_NamesIt(string line)
    {
        Write(line + "\n", line + "\n");

        Assert.Contains(line, Assert.Throws<EngineException>(() => Mappings("tester").Check()).Message);
    }

    [Fact]
    public void Check_DefaultOnAHostWithoutRanges_SetsSomeApartOnce()
    {
        Write("ann:100000:65536", "");
        Mappings("default").Check();
        Mappings("default").Check();

        Assert.Equal("ann:100000:65536\ndockremap:165536:65536\n", File.ReadAllText(_instance.TempPath("subuid")));
        Assert.Equal("dockremap:165536:65536\n", File.ReadAllText(_instance.TempPath("subgid")));
    }

    [Fact]
    public void Reserve_Auto_GivesRangesThatDoNotMeetAndTakesThemBack()
    {
        Write("tester:100000:65536\ncontainers:100000:70000\n", "tester:100000:65536\ncontainers:100000:70000\n");
        var mappings = Mappings("tester");
        var auto = s_spec with { UsernsMode = "auto:size=2000" };

        // Behind those that all other containers share.
        Assert.Equal(165536u, mappings.Reserve("a", auto)!.RootUser);
        Assert.Equal(167536u, mappings.Reserve("b", auto)!.RootUser);
        Assert.Equal(EngineErrorKind.Unavailable, Assert.Throws<EngineException>(() => mappings.Reserve("c", auto)).Kind);
        mappings.Release("a");
        Assert.Equal(165536u, mappings.Reserve("c", auto)!.RootUser);
    }

    [Fact]
    public void Reserve_AutoWithoutPool_SaysWhatHelps()
    {
        Write("tester:100000:65536\n", "tester:100000:65536\n");

        var failure = Assert.Throws<EngineException>(() => Mappings("").Reserve("a", s_spec with { UsernsMode = "auto" }));

        Assert.Contains("containers:", failure.Message);
    }

    [Fact]
    public void Problems_OfWhatDoesNotGoTogether_AreDockers()
    {
        var mappings = Mappings("tester");

        Assert.Equal(
            "privileged mode is incompatible with user namespaces.  You must run the container in the host namespace when running "
            + "privileged mode",
            Assert.Single(mappings.Problems(s_spec with { Privileged = true })));
        Assert.Equal(
            "cannot share the host's network namespace when user namespaces are enabled",
            Assert.Single(mappings.Problems(s_spec with { NetworkMode = "host" })));
        Assert.Equal(
            "cannot share the host PID namespace when user namespaces are enabled",
            Assert.Single(mappings.Problems(s_spec with { PidMode = "host" })));
        Assert.Empty(mappings.Problems(s_spec with { Privileged = true, NetworkMode = "host", PidMode = "host", UsernsMode = "host" }));
        Assert.Empty(Mappings("").Problems(s_spec with { Privileged = true }));
        Assert.Single(Mappings("").Problems(s_spec with { Privileged = true, UsernsMode = "auto" }));
    }

    private void Write(string users, string groups)
    {
        File.WriteAllText(_instance.TempPath("subuid"), users);
        File.WriteAllText(_instance.TempPath("subgid"), groups);
    }

    private UserMappings Mappings(string setting)
    {
        return new UserMappings(
            new EngineOptions
            {
                Name = _instance.Name,
                DataRoot = _instance.DataRoot,
                RunRoot = _instance.RunRoot,
                UsernsRemap = setting,
                SubordinateIdFolder = _instance.TempRoot,
            },
            new ContainerRegistry());
    }
}
