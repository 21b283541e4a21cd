using System.Reflection;
using Portal.Contracts.Containers.V1;
using Portal.Contracts.Permissions;
using Portal.Contracts.Permissions.Docker;

namespace Portal.Web.Tests.Access;

/// <summary>
/// A permission that roles show and that nothing asks for lets its holder do nothing, and keeps nobody else from anything: each one is asked for by the
/// rule of an endpoint or page, by a route of Docker's API, by what a container asks of its host, or in a place that is named here.
/// </summary>
public sealed class PermissionCoverageTests
{
    // What no address stands for: parts of pages, and rights that go further with what another rule lets in.
    private static readonly Dictionary<string, string> s_askedForWithin = new()
    {
        [nameof(PermissionNames.NodesDrain)] = "src/Portal.Web/Features/Nodes/NodeDutyDialog.razor",
        [nameof(PermissionNames.ConsolesView)] = "src/Portal.Agent/Consoles/ConsoleGrpcService.cs",
        [nameof(PermissionNames.ConsolesShare)] = "src/Portal.Agent/Consoles/ConsoleGrpcService.cs",
        [nameof(PermissionNames.ConsolesEnd)] = "src/Portal.Agent/Consoles/ConsoleGrpcService.cs",
        [nameof(PermissionNames.PoliciesBypass)] = "src/Portal.Agent/Policies/PolicyInterceptor.cs",
        [nameof(PermissionNames.TokensCreate)] = "src/Portal.Web/Features/Tokens/TokenDirectory.cs",
        [nameof(PermissionNames.TokensManage)] = "src/Portal.Web/Features/Tokens/TokenDirectory.cs",
    };

    // Each asks for one way to the host.
    private static readonly CreateContainerRequest[] s_reaching =
    [
        new() { Privileged = true },
        new() { Binds = { "/etc:/etc" } },
        new() { PidMode = "host" },
        new() { CdiDevices = { "vendor.com/class=all" } },
        new() { CapabilitiesToAdd = { "SYS_ADMIN" } },
        new() { Runtime = "other" },
    ];

    [Fact]
    public void Permissions_All_AreAskedForSomewhere()
    {
        var asked = UnauthorizedAccessTests.Rules.Values.SelectMany(rule => new[] { rule.Permission, rule.Or }).OfType<string>()
            .Concat(DockerRules.All.SelectMany(rule => rule.Permissions))
            .Concat(s_reaching.SelectMany(HostAccess.NeededBy))
            .Concat(s_askedForWithin.Keys.Select(ValueOf))
            .ToHashSet();

        Assert.Empty(PermissionCatalog.All.Select(permission => permission.Name).Except(asked));
    }

    [Fact]
    public void Permissions_AskedForWithin_AreAskedForThereAndByNoRule()
    {
        var ruled = UnauthorizedAccessTests.Rules.Values.SelectMany(rule => new[] { rule.Permission, rule.Or }).ToHashSet();
        foreach (var (name, file) in s_askedForWithin)
        {
            Assert.DoesNotContain(ValueOf(name), ruled);
            Assert.Matches($@"\w+\([^;{{]*PermissionNames\.{name}\b", File.ReadAllText(Path.Combine(Root(), file)));
        }
    }

    private static string ValueOf(string name) =>
        (string)typeof(PermissionNames).GetField(name, BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()!;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Portal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Portal.sln is in no folder above the tests.");
    }
}
