using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Portal.Contracts.Permissions;
using Portal.Contracts.Permissions.Docker;
using Portal.Engine.Api.Hosting;
using Portal.Engine.Api.Routing;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Hosting;

namespace Portal.Agent.Tests.Services.Docker;

public sealed class DockerRulesTests
{
    private static readonly string[] s_host =
    [
        PermissionNames.ContainersHostAccess, PermissionNames.ContainersPrivileged, PermissionNames.ContainersHostNamespaces,
        PermissionNames.ContainersHostPaths, PermissionNames.ContainersDevices, PermissionNames.ContainersCapabilities,
    ];

    [Fact]
    public void All_EveryRouteOfTheEngine_IsInTheTableOrRefusedOnPurpose()
    {
        var mapped = Routes().Where(route => route.Support != DockerRouteSupport.Refused).Select(NameOf).ToHashSet();
        var known = DockerRules.All.Select(rule => $"{rule.Method} {rule.Path}").Concat(DockerRules.Refused).ToHashSet();

        Assert.True(mapped.Count > 50);
        Assert.Empty(mapped.Except(known));
        Assert.Empty(known.Except(mapped));
    }

    [Fact]
    public void All_EveryHijack_IsOneOfTheEngine()
    {
        var engine = Routes().Where(route => route.Body == DockerRouteBody.Hijack).Select(NameOf).Except(DockerRules.Refused).Order();
        var table = DockerRules.All.Where(rule => rule.Body == DockerBody.Hijack).Select(rule => $"{rule.Method} {rule.Path}").Order();

        Assert.Equal(engine, table);
    }

    [Fact]
    public void MayPlace_RoutesWithAPlacementsPermission_AreThoseThatBringSomething()
    {
        string[] permissions =
            [PermissionNames.ContainersCreate, PermissionNames.ImagesPull, PermissionNames.ImagesLoad, PermissionNames.ImagesBuild];
        var rules = DockerRules.All
            .Where(rule => rule.Permissions.Any(permissions.Contains))
            .ToLookup(rule => rule.MayPlace, rule => rule.Path);

        Assert.Equal(["/auth", "/distribution/{name}/json", "/images/search"], rules[false].Order(StringComparer.Ordinal));
        Assert.Empty(new[] { "/containers/create", "/images/create", "/images/load", "/build" }.Except(rules[true]));
    }

    [Theory]
    [InlineData("GET", "/v1.47/containers/json", PermissionNames.ContainersView, "")]
    [InlineData("GET", "/containers/web/logs", PermissionNames.ContainersLogs, "web")]
    [InlineData("GET", "/CONTAINERS/web/LOGS/", PermissionNames.ContainersLogs, "web")]
    [InlineData("POST", "/v1.47/images/registry:5000/team/app/push", PermissionNames.ImagesPush, "registry:5000/team/app")]
    [InlineData("DELETE", "/images/a/b/c:1", PermissionNames.ImagesRemove, "a/b/c:1")]
    [InlineData("POST", "/exec/abc/start", PermissionNames.ContainersExec, "abc")]
    public void Find_Route_NeedsItsPermission(string method, string path, string permission, string subject)
    {
        var call = DockerRules.Find(method, path, "");

        Assert.Equal(subject, call!.Subject);
        Assert.Contains(permission, call.Permissions);
        Assert.Contains(PermissionNames.NodesView, call.Permissions);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/v1.47")]
    [InlineData("GET", "/containers//logs")]
    [InlineData("GET", "/containers/web/logs/more")]
    [InlineData("GET", "/v1.47/v1.47/containers/json")]
    [InlineData("GET", "/containers/../containers/web/logs")]
    [InlineData("get", "/containers/json")]
    [InlineData("POST", "/swarm/init")]
    [InlineData("POST", "/session")]
    [InlineData("GET", "/containers/web/attach/ws")]
    [InlineData("POST", "/plugins/pull")]
    public void Find_AnythingElse_IsUnknown(string method, string path) => Assert.Null(DockerRules.Find(method, path, ""));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"Image":"a","HostConfig":null}""")]
    [InlineData("""{"HostConfig":{"Binds":["data:/d:ro"],"NetworkMode":"front","RestartPolicy":{"Name":"always"},"Memory":1024,"CapAdd":["CHOWN"]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Source":"v","Target":"/v"}],"Devices":[],"MaskedPaths":null,"PidMode":"","Privileged":false}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["label=disable","label:level:s0:c1","no-new-privileges","seccomp=builtin"]}}""")]
    [InlineData("""{"HostConfig":{"LogConfig":{"Type":"json-file","Config":{"max-size":"10m"}}}}""")]
    [InlineData("""{"HostConfig":{"LogConfig":{"Type":"gelf","Config":{"gelf-address":"udp://logs.example.com:12201"}}}}""")]
    [InlineData("""{"HostConfig":{"LogConfig":{"Type":"journald","Config":null}}}""")]
    public void Needs_ContainerThatStaysInside_NoHostAccess(string body) => Assert.False(ReachesHost("/containers/create", body));

    [Theory]
    [InlineData("""{"HostConfig":{"Privileged":true}}""")]
    [InlineData("""{"hostconfig":{"privileged":true}}""")]
    [InlineData("""{"HostConfig":{"Privileged":true},"HostConfig":{}}""")]
    [InlineData("""{"HostConfig":{},"HostConfig":{"Privileged":true}}""")]
    [InlineData("""{"HostConfig":{"Privileged":"yes"}}""")]
    [InlineData("""{"HostConfig":[]}""")]
    [InlineData("""{"HostConfig":{"Binds":["/:/host"]}}""")]
    [InlineData("""{"HostConfig":{"Binds":["../../etc:/host"]}}""")]
    [InlineData("""{"HostConfig":{"Binds":["data:/d","/etc:/e"]}}""")]
    [InlineData("""{"HostConfig":{"Binds":"/:/host"}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","type":"bind","Source":"/","Target":"/h"}]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Source":"/","Target":"/h"}]}}""")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"/"}}}}]}}""")]
    [InlineData("""{"HostConfig":{"NetworkMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"NetworkMode":"HOST"}}""")]
    [InlineData("""{"HostConfig":{"NetworkMode":"container:web"}}""")]
    [InlineData("""{"HostConfig":{"NetworkMode":"ns:/proc/1/ns/net"}}""")]
    [InlineData("""{"HostConfig":{"PidMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"IpcMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"UTSMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"UsernsMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"CgroupnsMode":"host"}}""")]
    [InlineData("""{"HostConfig":{"CgroupParent":"/"}}""")]
    [InlineData("""{"HostConfig":{"CapAdd":["SYS_ADMIN"]}}""")]
    [InlineData("""{"HostConfig":{"CapAdd":["ALL"]}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["seccomp=unconfined"]}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["apparmor=unconfined"]}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["systempaths=unconfined"]}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["label=disable","seccomp:unconfined"]}}""")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["labels=disable"]}}""")]
    [InlineData("""{"HostConfig":{"LogConfig":{"Type":"syslog","Config":{"syslog-address":"unix:///run/docker.sock"}}}}""")]
    [InlineData("""{"HostConfig":{"LogConfig":{"Type":"syslog","Config":{"syslog-address":" UnixGram:///run/systemd/notify"}}}}""")]
    [InlineData("""{"HostConfig":{"LogConfig":{"Type":"syslog","Config":{"syslog-tls-key":"/etc/ssl/private/key.pem"}}}}""")]
    [InlineData("""{"HostConfig":{"logconfig":{"config":{},"Config":{"fluentd-address":"unix:///s"}}}}""")]
    [InlineData("""{"HostConfig":{"MaskedPaths":[]}}""")]
    [InlineData("""{"HostConfig":{"Devices":[{"PathOnHost":"/dev/sda"}]}}""")]
    [InlineData("""{"HostConfig":{"DeviceCgroupRules":["a *:* rwm"]}}""")]
    [InlineData("""{"HostConfig":{"DeviceRequests":[{"Count":-1}]}}""")]
    [InlineData("""{"HostConfig":{"VolumesFrom":["web"]}}""")]
    [InlineData("""{"HostConfig":{"Runtime":"kata"}}""")]
    [InlineData("""{"HostConfig":{"Annotations":{"run.oci.x":"y"}}}""")]
    [InlineData("""{"HostConfig":{"SomethingNew":1}}""")]
    public void Needs_ContainerThatReachesTheHost_HostAccess(string body) => Assert.True(ReachesHost("/containers/create", body));

    [Theory]
    [InlineData("/containers/web/exec", """{"Cmd":["sh"],"Privileged":false}""", false)]
    [InlineData("/containers/web/exec", """{"Cmd":["sh"],"Privileged":true}""", true)]
    [InlineData("/containers/web/update", """{"Memory":1024,"RestartPolicy":{"Name":"no"}}""", false)]
    [InlineData("/containers/web/update", """{"Devices":[{"PathOnHost":"/dev/sda"}]}""", true)]
    [InlineData("/networks/create", """{"Name":"n","Driver":"bridge","IPAM":{"Config":[{"Subnet":"10.9.0.0/16"}]}}""", false)]
    [InlineData("/networks/create", """{"Name":"n","Driver":"macvlan"}""", true)]
    [InlineData("/networks/create", """{"Name":"n","driver":"macvlan","Driver":"bridge"}""", true)]
    [InlineData("/networks/create", """{"Name":"n","IPAM":{"Config":[{"Subnet":"8.8.8.0/24"}]}}""", true)]
    [InlineData("/networks/create", """{"Name":"n","Options":{"parent":"eth0"}}""", true)]
    [InlineData("/networks/create", """{"Name":"n","ConfigFrom":{"Network":"other"}}""", true)]
    [InlineData("/volumes/create", """{"Name":"v","Driver":"local"}""", false)]
    [InlineData("/volumes/create", """{"Name":"v","DriverOpts":{"type":"none","o":"bind","device":"/"}}""", true)]
    [InlineData("/volumes/create", """{"Name":"v","Driver":"nfs"}""", true)]
    public void Needs_Others_AsTheirForms(string path, string body, bool expected) => Assert.Equal(expected, ReachesHost(path, body));

    [Theory]
    [InlineData("?t=a", false)]
    [InlineData("?networkmode=none", false)]
    [InlineData("?networkmode=host", true)]
    [InlineData("?NetworkMode=h%6Fst", true)]
    [InlineData("?networkmode=none&networkmode=host", true)]
    [InlineData("?cgroupparent=/x", true)]
    [InlineData("?securityopt=%5B%22seccomp%3Dunconfined%22%5D", true)]
    public void Needs_Build_HostAccessByItsQuery(string query, bool expected) => Assert.Equal(
        expected, DockerRules.Find("POST", "/build", query)!.Needs(default).Contains(PermissionNames.ContainersHostAccess));

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("\uFEFF{}")]
    public void Needs_BodyThatCantBeChecked_IsRefused(string body) =>
        Assert.Throws<FormatException>(() => ReachesHost("/containers/create", body));

    [Theory]
    [InlineData("""{"HostConfig":{"Privileged":true}}""", PermissionNames.ContainersPrivileged)]
    [InlineData("""{"HostConfig":{"Binds":["/:/host"]}}""", PermissionNames.ContainersHostPaths)]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/","Target":"/h"}]}}""", PermissionNames.ContainersHostPaths)]
    [InlineData("""{"HostConfig":{"pidmode":"host","NetworkMode":"host"}}""", PermissionNames.ContainersHostNamespaces)]
    [InlineData("""{"HostConfig":{"DeviceRequests":[{"Count":-1}]}}""", PermissionNames.ContainersDevices)]
    [InlineData("""{"HostConfig":{"CapAdd":["SYS_ADMIN"]}}""", PermissionNames.ContainersCapabilities)]
    [InlineData("""{"HostConfig":{"SecurityOpt":["seccomp=unconfined"]}}""", PermissionNames.ContainersHostAccess)]
    [InlineData("""{"HostConfig":{"VolumesFrom":["web"]}}""", PermissionNames.ContainersHostAccess)]
    [InlineData("""{"HostConfig":{"SomethingNew":1}}""", PermissionNames.ContainersHostAccess)]
    public void Needs_ContainerThatReachesTheHost_ThePermissionOfThatWay(string body, string permission) =>
        Assert.Equal([permission], HostPermissions("/containers/create", body));

    [Theory]
    [InlineData("/containers/create", """{"HostConfig":{"Mounts":[{"Type":"volume","Target":"/h","VolumeOptions":{"DriverConfig":{"Options":{"o":"bind"}}}}]}}""")]
    [InlineData("/containers/create", """{"HostConfig":{"Mounts":[{"Type":"volume","type":"bind","Source":"/","Target":"/h"}]}}""")]
    [InlineData("/volumes/create", """{"Name":"v","DriverOpts":{"type":"none","o":"bind","device":"/"}}""")]
    [InlineData("/volumes/create", """{"Name":"v","DriverOpts":{"type":"tmpfs","type":"none"}}""")]
    public void Needs_VolumeThatMayBindAPath_BothPermissions(string path, string body) =>
        Assert.Equal([PermissionNames.ContainersHostAccess, PermissionNames.ContainersHostPaths], HostPermissions(path, body));

    [Theory]
    [InlineData("/d/stacks/S/D/files:/app:ro", true)]
    [InlineData("/d/stacks/S/D/file:/app:ro", true)]
    [InlineData("/d/stacks/D/files:/app:ro", true)]
    [InlineData("/d/stacks/S/D/files:/app", false)]
    [InlineData("/d/stacks/S/D/files:/app:rw", false)]
    [InlineData("/d/stacks/S/D/files:/app:ro,rw", false)]
    [InlineData("/d/stacks/S/D/files:app:ro", false)]
    [InlineData("/d/stacks/S/D/files:/app:rw:ro", false)]
    [InlineData("/d/stacks/S/D/files/../../../../etc:/app:ro", false)]
    [InlineData("/d/stacks/S/../files:/app:ro", false)]
    [InlineData("/d/stacks/../D/files:/app:ro", false)]
    [InlineData("/d/stacks/S/D:/app:ro", false)]
    [InlineData("/d/stacks/S/D/memory.json:/app:ro", false)]
    [InlineData("/d/stacks:/app:ro", false)]
    [InlineData("/d/stacksS/D/files:/app:ro", false)]
    [InlineData("/etc:/app:ro", false)]
    public void Needs_TreeOfAStack_IsForWhoDeploysAndAnythingElseReachesTheHost(string bind, bool isTree)
    {
        bind = bind.Replace("S/", new string('5', 32) + "/", StringComparison.Ordinal)
            .Replace("D", new string('d', 64), StringComparison.Ordinal);
        var body = Encoding.UTF8.GetBytes($$$"""{"HostConfig":{"binds":["data:/data","{{{bind}}}"]}}""");
        var call = DockerRules.Find("POST", "/containers/create", "")!;

        var needs = call.Needs(body, ["/d/stacks", "/r/stacks"]);

        Assert.Equal(isTree, needs.Contains(PermissionNames.StacksDeploy));
        Assert.Equal(!isTree, needs.Contains(PermissionNames.ContainersHostPaths));
        Assert.Contains(PermissionNames.ContainersHostPaths, call.Needs(body));
    }

    private static bool ReachesHost(string path, string body) => HostPermissions(path, body).Any();

    private static IEnumerable<string> HostPermissions(string path, string body) =>
        DockerRules.Find("POST", path, "")!.Needs(Encoding.UTF8.GetBytes(body)).Intersect(s_host);

    private static string NameOf(DockerRoute route) => $"{route.Method} {route.Path}";

    private static IReadOnlyList<DockerRoute> Routes()
    {
        var folder = Directory.CreateTempSubdirectory("portal-routes-");
        try
        {
            return Routes(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static IReadOnlyList<DockerRoute> Routes(string folder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddEngine(new EngineOptions { Name = "routes", DataRoot = folder, RunRoot = folder });
        builder.Services.AddLinuxEngine();
        builder.Services.AddDockerApi();
        using var host = builder.Build();
        host.UseRouting();
        ((IEndpointRouteBuilder)host).MapDockerApi();
        return
        [
            .. ((IEndpointRouteBuilder)host).DataSources.SelectMany(source => source.Endpoints)
                .Select(endpoint => endpoint.Metadata.GetMetadata<DockerRoute>()).OfType<DockerRoute>()
                .Where(route => route.Path.StartsWith('/')).Distinct(),
        ];
    }
}
