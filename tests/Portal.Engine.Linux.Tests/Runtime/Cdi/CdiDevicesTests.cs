using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;
using Portal.Engine.Linux.Runtime.Cdi;
using Portal.Engine.Linux.Runtime.Oci;
using Portal.Engine.Runtime.Devices;

namespace Portal.Engine.Linux.Tests.Runtime.Cdi;

public sealed class CdiDevicesTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portal-cdi-");

    private string Etc => Directory.CreateDirectory(Path.Combine(_root.FullName, "etc")).FullName;

    private string Run => Directory.CreateDirectory(Path.Combine(_root.FullName, "run")).FullName;

    [Fact]
    public void Apply_Devices_PutTheirEditsInOnce()
    {
        File.WriteAllText(Path.Combine(Etc, "a.json"), Spec("vendor.com/net", "A=1", "one", "two"));

        var spec = Apply(Cdi("vendor.com/net=one", "vendor.com/net=two", "vendor.com/net=one"));

        Assert.Equal(["PATH=/bin", "A=1", "DEVICE=two"], spec.Process.Env);
        Assert.Equal(["/dev/one", "/dev/two"], spec.Linux.Devices!.Select(device => device.Path));
        Assert.All(spec.Linux.Devices!, device => Assert.Equal(("c", 1L, 3L), (device.Type, device.Major, device.Minor)));
        Assert.Equal(2, spec.Linux.Resources.Devices.Count(rule => rule is { Allow: true, Major: 1, Minor: 3 }));
        Assert.Equal(["/vendor/one", "/vendor/two"], spec.Mounts.Select(mount => mount.Destination));
    }

    [Fact]
    public void Apply_LaterFolder_TakesTheEarliersPlace()
    {
        File.WriteAllText(Path.Combine(Etc, "a.json"), Spec("vendor.com/net", "A=etc", "one"));
        File.WriteAllText(Path.Combine(Run, "b.json"), Spec("vendor.com/net", "A=run", "one"));

        Assert.Contains("A=run", Apply(Cdi("vendor.com/net=one")).Process.Env);
    }

    [Fact]
    public void Apply_TwiceInOneFolder_IsNone()
    {
        File.WriteAllText(Path.Combine(Etc, "a.json"), Spec("vendor.com/net", "A=1", "one"));
        File.WriteAllText(Path.Combine(Etc, "b.json"), Spec("vendor.com/net", "A=2", "one"));

        Assert.Contains("unresolvable CDI devices vendor.com/net=one", Refused(Cdi("vendor.com/net=one")));
    }

    [Fact]
    public void Apply_BrokenFileBesides_KeepsTheOthers()
    {
        File.WriteAllText(Path.Combine(Etc, "0.json"), "{");
        File.WriteAllText(Path.Combine(Etc, "0.yaml"), "a: [");
        File.WriteAllText(Path.Combine(Etc, "a.json"), Spec("vendor.com/net", "A=1", "one"));

        Assert.Contains("A=1", Apply(Cdi("vendor.com/net=one")).Process.Env);
    }

    [Fact]
    public void Apply_Gpus_AreThoseOfTheToolkit()
    {
        File.WriteAllText(Path.Combine(Etc, "gpu.json"), Spec("nvidia.com/gpu", "N=1", "0", "1", "all"));

        Assert.Equal(["/dev/all"], Paths(new DeviceRequest { Count = -1, Capabilities = [["gpu"]] }));
        Assert.Equal(["/dev/0"], Paths(new DeviceRequest { Count = 1, Capabilities = [["gpu"]] }));
        Assert.Equal(["/dev/1"], Paths(new DeviceRequest { DeviceIds = ["1"], Capabilities = [["gpu", "utility"]] }));
        Assert.Contains("3 GPUs are asked for, and this host has 2", Refused(new DeviceRequest { Count = 3, Capabilities = [["gpu"]] }));
    }

    [Fact]
    public void Apply_NothingThere_NamesWhatWouldHelp()
    {
        var message = Refused(new DeviceRequest { Count = -1, Capabilities = [["gpu"]] });

        Assert.StartsWith("could not select device driver \"\" with capabilities: [[gpu]]", message);
        Assert.Contains("nvidia", message);
        Assert.StartsWith(
            "could not select device driver \"\" with capabilities: [[tpu]]", Refused(new DeviceRequest { Count = 1,
                Capabilities = [["tpu"]] }));
        Assert.StartsWith(
            "could not select device driver \"other\"", Refused(new DeviceRequest { Driver = "other", Capabilities = [["gpu"]] }));
    }

    [Fact]
    public void Apply_NodeThatIsNotThere_IsRefused()
    {
        File.WriteAllText(
            Path.Combine(Etc, "a.json"),
            """
            {"cdiVersion":"0.6.0","kind":"a.b/c","devices":[
             {"name":"gone","containerEdits":{"deviceNodes":[{"path":"/dev/no-such-device"}]}},
             {"name":"file","containerEdits":{"deviceNodes":[{"path":"/dev/x","hostPath":"/etc/hostname"}]}}]}
            """);

        Assert.Contains("stat /dev/no-such-device", Refused(Cdi("a.b/c=gone")));
        Assert.Contains("/etc/hostname is not a device node", Refused(Cdi("a.b/c=file")));
    }

    public void Dispose() => _root.Delete(recursive: true);

    private static string Spec(string kind, string variable, params string[] names)
    {
        var devices = names.Select(name =>
            $$$"""
            {"name":"{{{name}}}","containerEdits":{"env":["DEVICE={{{name}}}"],
             "deviceNodes":[{"path":"/dev/{{{name}}}","hostPath":"/dev/null"}],
             "mounts":[{"hostPath":"/etc/hostname","containerPath":"/vendor/{{{name}}}","options":["ro","bind"]}]}}
            """);
        var all = string.Join(',', devices);
        return $$"""{"cdiVersion":"0.6.0","kind":"{{kind}}","containerEdits":{"env":["{{variable}}"]},"devices":[{{all}}]}""";
    }

    private static DeviceRequest Cdi(params string[] names) => new() { Driver = "cdi", DeviceIds = names };

    private IEnumerable<string> Paths(DeviceRequest request) => Apply(request).Linux.Devices!.Select(device => device.Path);

    private string Refused(DeviceRequest request)
    {
        var failure = Assert.Throws<EngineException>(() => Apply(request));
        Assert.Equal(EngineErrorKind.InvalidArgument, failure.Kind);
        return failure.Message;
    }

    private OciSpec Apply(DeviceRequest request)
    {
        var options = new EngineOptions { Name = "cdi", DataRoot = "/", RunRoot = "/", CdiFolders = [Etc, Run] };
        var spec = new OciSpec
        {
            Process = new OciProcess { User = new OciUser(0, 0, []), Args = ["true"], Env = ["PATH=/bin"], Cwd = "/" },
            Root = new OciRoot("/", false),
            Linux = new OciLinux { Namespaces = [], CgroupsPath = "/x", Resources = new OciResources() },
        };
        return new CdiDevices(new CdiCatalog(options, NullLogger<CdiCatalog>.Instance)).Apply(spec, [request]);
    }
}
