using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;

namespace Portal.Agent.Tests.Policies;

public sealed class PolicyCheckTests
{
    [Theory]
    [InlineData("/data", true)]
    [InlineData("/data/shop/files", true)]
    [InlineData("/data/./shop//files/", true)]
    [InlineData("/data/../data/shop", true)]
    [InlineData("/database", false)]
    [InlineData("/data.old", false)]
    [InlineData("/data/../etc", false)]
    [InlineData("/data/..", false)]
    [InlineData("/", false)]
    [InlineData("/../../etc", false)]
    [InlineData("/DATA", false)]
    [InlineData("/srv", false)]
    public void Find_HostPath_IsThatFolderOrBelow(string path, bool isAllowed)
    {
        var policy = Of(new PolicyRules { HostPaths = [new HostPathRule("/data", Writable: true)] });

        Assert.Equal(isAllowed, PolicyCheck.Find(policy, [PolicyDemands.HostPath(path, writes: true, "bind")]).Count == 0);
    }

    [Fact]
    public void Find_ReadOnlyPath_CantBeWritten()
    {
        var policy = Of(new PolicyRules { HostPaths = [new HostPathRule("/data"), new HostPathRule("/data/in", Writable: true)] });

        Assert.Empty(PolicyCheck.Find(policy, [.. PolicyDemands.Bind("/data/x:/x:ro", "b"), .. PolicyDemands.Bind("/data/in/x:/x", "b")]));
        var violation = Assert.Single(PolicyCheck.Find(policy, [.. PolicyDemands.Bind("/data/x:/x:rw,z", "HostConfig.Binds")]));
        Assert.Equal(
            "The policy 'shop' does not allow the host path '/data/x' writable (HostConfig.Binds). Rule HostPaths: allowed are "
            + "'/data' (read-only), '/data/in'.",
            violation.Message);
    }

    [Theory]
    [InlineData("docker.io/library/*", "busybox", true)]
    [InlineData("docker.io/library/*", "busybox:1.36", true)]
    [InlineData("docker.io/library/*", "index.docker.io/library/busybox", true)]
    [InlineData("docker.io/library/*", "INDEX.docker.io/busybox", true)]
    [InlineData("docker.io/library/*", "registry-1.docker.io/library/busybox", true)]
    [InlineData("docker.io/library/*", "registry.hub.docker.com/library/busybox:1", true)]
    [InlineData("index.docker.io/library/*", "busybox", true)]
    [InlineData("*.docker.io/*", "registry-1.docker.io/library/busybox", true)]
    [InlineData("registry.example.com/team/*", "registry.example.com:443/team/a:1", true)]
    [InlineData("registry.example.com:443/team/*", "registry.example.com/team/a:1", true)]
    [InlineData("registry.example.com/team/*", "registry.example.com:80/team/a", false)]
    [InlineData("registry.example.com/team/*", "registry.example.com:4430/team/a", false)]
    [InlineData("docker.io/library/*", "docker.io/busybox@sha256:0000000000000000000000000000000000000000000000000000000000000000", true)]
    [InlineData("docker.io/library/*", "evil/busybox", false)]
    [InlineData("docker.io/library/*", "libraryevil", true)]
    [InlineData("docker.io/library/*", "libraryevil/x", false)]
    [InlineData("docker.io/library/busybox", "busybox", true)]
    [InlineData("docker.io/library/busybox", "busybox2", false)]
    [InlineData("registry.example.com/team/*", "registry.example.com/team/a/b:1", true)]
    [InlineData("registry.example.com/team/*", "Registry.Example.com/team/a", true)]
    [InlineData("registry.example.com/team/*", "registry.example.com/teams/a", false)]
    [InlineData("registry.example.com/team/*", "registry.example.com:5000/team/a", false)]
    [InlineData("registry.example.com/team/*", "registry.example.com.evil.net/team/a", false)]
    [InlineData("registry.example.com/team/*", "evil.net/registry.example.com/team/a", false)]
    [InlineData("registry.example.com/*", "registry.example.com/anything", true)]
    [InlineData("*.example.com/*", "a.example.com/x", true)]
    [InlineData("*.example.com/*", "example.com/x", false)]
    [InlineData("*.example.com/*", "evilexample.com/x", false)]
    [InlineData("localhost:5000/*", "localhost:5000/x", true)]
    public void Find_Image_IsOfAListedRepository(string pattern, string image, bool isAllowed)
    {
        Assert.Null(ImagePattern.Problem(pattern));
        var demands = PolicyDemands.Image(image, "image").ToList();

        Assert.Equal([PolicyRule.Registries, PolicyRule.Signatures], demands.Select(demand => demand.Rule));
        Assert.Equal(isAllowed, PolicyCheck.Find(Of(new PolicyRules { Registries = [pattern] }), demands).Count == 0);
    }

    [Fact]
    public void Find_Lists_NullAllowsAllAndEmptyNone()
    {
        PolicyDemand[] demands =
        [
            new(PolicyRule.HostPaths, "/x", "k"), new(PolicyRule.Registries, "docker.io/library/x", "k"),
            new(PolicyRule.HostNamespaces, "pid", "k"), new(PolicyRule.Devices, "/dev/fuse", "k"),
            new(PolicyRule.Capabilities, "SYS_ADMIN", "k"), new(PolicyRule.VolumeTypes, "nfs", "k"),
        ];
        var none = new PolicyRules
        {
            HostPaths = [], Registries = [], HostNamespaces = [], Devices = [], Capabilities = [], VolumeTypes = [],
        };

        Assert.Empty(PolicyCheck.Find(Of(new PolicyRules()), demands));
        Assert.Equal(demands, PolicyCheck.Find(Of(none), demands).Select(violation => violation.Demand));
        Assert.All(PolicyCheck.Find(Of(none), demands), violation => Assert.Contains("none is allowed", violation.Message));
    }

    [Fact]
    public void Find_SeveralPolicies_EachBinds()
    {
        var everywhere = new Policy("everywhere", new PolicyRules { Capabilities = ["NET_ADMIN"] });
        var here = new Policy("here", new PolicyRules { Capabilities = ["NET_ADMIN", "SYS_TIME"] });

        Assert.Empty(PolicyCheck.Find([everywhere, here], [.. PolicyDemands.Capabilities(["cap_net_admin", "CHOWN"], "k")]));
        var violation = Assert.Single(PolicyCheck.Find([everywhere, here], [.. PolicyDemands.Capabilities(["SYS_TIME"], "k")]));
        Assert.Equal("everywhere", violation.Policy);
    }

    [Fact]
    public void Find_Privileged_HasAllCapabilitiesAndDevices()
    {
        var demands = PolicyDemands.Privileged("privileged").ToList();

        Assert.NotEmpty(PolicyCheck.Find(Of(new PolicyRules { ForbidPrivileged = true }), demands));
        Assert.NotEmpty(PolicyCheck.Find(Of(new PolicyRules { Capabilities = ["NET_ADMIN"] }), demands));
        Assert.NotEmpty(PolicyCheck.Find(Of(new PolicyRules { Devices = ["/dev/fuse"] }), demands));
        Assert.Empty(PolicyCheck.Find(Of(new PolicyRules { Capabilities = ["ALL"], Devices = ["/dev"] }), demands));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1024, true)]
    [InlineData(1025, false)]
    public void Find_Memory_IsLimited(long bytes, bool isAllowed)
    {
        var policy = Of(new PolicyRules { LargestMemoryBytes = 1024 });

        Assert.Equal(isAllowed, PolicyCheck.Find(policy, [PolicyDemands.Memory(bytes, "memory")]).Count == 0);
    }

    [Theory]
    [InlineData("nvidia.com/gpu=*", "nvidia.com/gpu=0", true)]
    [InlineData("nvidia.com/gpu=*", "nvidia.com/other=0", false)]
    [InlineData("gpu", "gpu", true)]
    [InlineData("/dev/dri", "/dev/dri/card0", true)]
    [InlineData("/dev/dri", "/dev/../dev/sda", false)]
    [InlineData("/dev/sda", "/dev/sda1", false)]
    [InlineData("*", "/dev/sda", false)]
    public void Find_Device_IsListed(string allowed, string device, bool isAllowed)
    {
        var policy = Of(new PolicyRules { Devices = [allowed] });

        Assert.Equal(isAllowed, PolicyCheck.Find(policy, [PolicyDemands.Device(device, "devices")]).Count == 0);
    }

    [Fact]
    public void Problems_WrongRules_AreAllTold()
    {
        var problems = PolicyRulesProblems.Find(new PolicyRules
        {
            HostPaths = [new HostPathRule("data"), new HostPathRule("/a/../b"), new HostPathRule("/c/")],
            Registries = ["busybox", "docker.io", "docker.io/a*", "docker.io//x", null!],
            HostNamespaces = ["mount"],
            Devices = ["/dev/../etc", "a b"],
            Capabilities = ["net_admin"],
            VolumeTypes = ["NFS"],
            LargestMemoryBytes = -1,
        });

        Assert.Equal(14, problems.Count);
        Assert.Empty(PolicyRulesProblems.Find(new PolicyRules
        {
            HostPaths = [new HostPathRule("/")], Registries = ["docker.io/library/*", "*.example.com/*", "[::1]:5000/x"],
            HostNamespaces = ["network"], Devices = ["/dev/dri", "gpu", "nvidia.com/gpu=*"], Capabilities = ["NET_ADMIN"],
            VolumeTypes = ["nfs"],
        }));
    }

    [Fact]
    public void Mapping_ThereAndBack_IsTheSame()
    {
        var policy = new Policy("all", new PolicyRules
        {
            HostPaths = [new HostPathRule("/a", true), new HostPathRule("/b")],
            Registries = [],
            Capabilities = ["NET_ADMIN"],
            ForbidPrivileged = true,
            LargestMemoryBytes = 7,
        });

        var back = PolicyMapping.FromMessage(PolicyMapping.ToMessage(policy));

        Assert.Equal(policy.Rules.HostPaths, back.Rules.HostPaths);
        Assert.Empty(back.Rules.Registries!);
        Assert.Null(back.Rules.Devices);
        Assert.Equal(["NET_ADMIN"], back.Rules.Capabilities);
        Assert.Equal((true, false, 7L), (back.Rules.ForbidPrivileged, back.Rules.ForbidOtherHostAccess, back.Rules.LargestMemoryBytes));
    }

    private static Policy[] Of(PolicyRules rules) => [new Policy("shop", rules)];
}
