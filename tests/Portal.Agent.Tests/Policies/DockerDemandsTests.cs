using System.Text;
using Portal.Contracts.Permissions.Docker;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Demands;

namespace Portal.Agent.Tests.Policies;

/// <summary>What bodies and queries of Docker's API ask for, in each of the ways in which they can.</summary>
public sealed class DockerDemandsTests
{
    private const string Create = "/v1.47/containers/create";

    [Theory]
    [InlineData("""{"HostConfig":{"Binds":["/etc:/x"]}}""", "HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"Binds":["/etc:/x:ro"]}}""", "HostPaths /etc")]
    [InlineData("""{"HostConfig":{"Binds":["/data/../etc:/x:ro"]}}""", "HostPaths /etc")]
    [InlineData("""{"HostConfig":{"Binds":["/var/run/docker.sock:/var/run/docker.sock"]}}""", "HostPaths /var/run/docker.sock writable")]
    [InlineData("""{"hostconfig":{"BINDS":["/etc:/x"]}}""", "HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"Binds":["/data:/x:ro"],"binds":["/etc:/x"]}}""", "HostPaths /data|HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{},"hostConfig":{"Binds":["/etc:/x"]}}""", "HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"\u0042inds":["\u002fetc:/x"]}}""", "HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"Binds":["data:/x"]}}""", "")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/etc","Target":"/x"}]}}""", "HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/etc","Target":"/x","ReadOnly":true}]}}""", "HostPaths /etc")]
    [InlineData(
        """{"HostConfig":{"Mounts":[{"Type":"bind","Source":"/etc","ReadOnly":true,"readonly":false}]}}""", "HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"Mounts":[{"Type":"volume","Source":"data"},{"Type":"tmpfs"}]}}""", "")]
    [InlineData(
        """
        {"HostConfig":{"Mounts":[
          {"Type":"volume","VolumeOptions":{"DriverConfig":{"Options":{"type":"none","o":"bind","device":"/etc"}}}}]}}
        """,
        "VolumeTypes bind|HostPaths /etc writable")]
    [InlineData("""{"HostConfig":{"Privileged":true}}""", "Privileged privileged|Capabilities ALL|Devices /dev")]
    [InlineData("""{"HostConfig":{"NetworkMode":"host","PidMode":"host","IpcMode":"shareable"}}""", "HostNamespaces network|HostNamespaces pid")]
    [InlineData("""{"HostConfig":{"NetworkMode":"shop","UTSMode":"host","UsernsMode":"host","CgroupnsMode":"host"}}""",
        "HostNamespaces uts|HostNamespaces user|HostNamespaces cgroup")]
    [InlineData("""{"HostConfig":{"Devices":[{"PathOnHost":"/dev/fuse"}],"DeviceCgroupRules":["c 1:3 rwm"]}}""",
        "Devices /dev/fuse|Devices c 1:3 rwm")]
    [InlineData("""{"HostConfig":{"DeviceRequests":[{"Driver":"cdi","DeviceIDs":["nvidia.com/gpu=0"]},{"Count":-1}]}}""",
        "Devices nvidia.com/gpu=0|Devices gpu")]
    [InlineData("""{"HostConfig":{"CapAdd":["CHOWN","CAP_SYS_ADMIN","all"]}}""", "Capabilities SYS_ADMIN|Capabilities ALL")]
    [InlineData("""{"HostConfig":{"SecurityOpt":["seccomp=unconfined"],"Runtime":"kata"}}""", "OtherHostAccess SecurityOpt|OtherHostAccess Runtime")]
    [InlineData("""{"HostConfig":{"MaskedPaths":[]}}""", "OtherHostAccess MaskedPaths")]
    [InlineData("""{"Image":"registry.example.com/a:1","HostConfig":{}}""", "Registries registry.example.com/a")]
    [InlineData("""{"Image":"sha256:0123456789abcdef","HostConfig":{}}""", "")]
    public void Of_CreateContainer_IsWhatItAsksFor(string body, string expected) =>
        Assert.Equal(expected, Text("POST", Create, "", body, withMemory: false));

    [Theory]
    [InlineData("""{}""", "0")]
    [InlineData("""{"HostConfig":{}}""", "0")]
    [InlineData("""{"HostConfig":{"Memory":1024}}""", "1024")]
    [InlineData("""{"HostConfig":{"Memory":1024,"memory":0}}""", "0")]
    [InlineData("""{"HostConfig":{"Memory":"1024"}}""", "0")]
    public void Of_CreateContainer_TellsItsMemory(string body, string expected) =>
        Assert.Equal(
            [expected],
            Of("POST", Create, "", body).Where(demand => demand.Rule == PolicyRule.Memory).Select(demand => demand.Value).Distinct());

    [Theory]
    [InlineData("""{"Memory":2048}""", "Memory 2048")]
    [InlineData("""{"memory":-1}""", "Memory 0")]
    [InlineData("""{"Memory":0,"RestartPolicy":{"Name":"always"}}""", "")]
    public void Of_Update_IsItsMemory(string body, string expected) =>
        Assert.Equal(expected, Text("POST", "/containers/web/update", "", body));

    [Theory]
    [InlineData("""{"Cmd":["sh"]}""", "")]
    [InlineData("""{"Cmd":["sh"],"privileged":true}""", "Privileged privileged|Capabilities ALL")]
    public void Of_Exec_IsPrivilegedOrNot(string body, string expected) =>
        Assert.Equal(expected, Text("POST", "/containers/web/exec", "", body));

    [Theory]
    [InlineData("""{"Name":"v"}""", "")]
    [InlineData("""{"DriverOpts":{"type":"none","o":"bind","device":"/etc"}}""", "VolumeTypes bind|HostPaths /etc writable")]
    [InlineData("""{"DriverOpts":{"type":"none","o":"ro,rbind","device":"/data/../etc"}}""", "VolumeTypes bind|HostPaths /etc")]
    [InlineData("""{"DriverOpts":{"TYPE":"none","O":"bind","Device":"/etc"}}""", "VolumeTypes bind|HostPaths /etc writable")]
    [InlineData("""{"DriverOpts":{"type":"tmpfs","device":"tmpfs","o":"size=1m"}}""", "VolumeTypes tmpfs")]
    [InlineData("""{"DriverOpts":{"type":"nfs4","o":"addr=10.0.0.1","device":":/x"}}""", "VolumeTypes nfs")]
    [InlineData("""{"DriverOpts":{"type":"ext4","device":"/dev/sda1"}}""", "VolumeTypes ext4|Devices /dev/sda1")]
    public void Of_CreateVolume_IsWhatItMounts(string body, string expected) =>
        Assert.Equal(expected, Text("POST", "/volumes/create", "", body));

    [Theory]
    [InlineData("/images/create", "?fromImage=busybox&tag=latest", "Registries docker.io/library/busybox")]
    [InlineData("/images/create", "?from%49mage=evil.net%2Fx", "Registries evil.net/x")]
    [InlineData("/images/create", "?fromImage=busybox&FROMIMAGE=evil.net/x", "Registries docker.io/library/busybox|Registries evil.net/x")]
    [InlineData("/images/create", "?fromSrc=-", "")]
    [InlineData("/build", "?t=x", "")]
    [InlineData("/build", "?networkmode=host", "HostNamespaces network|OtherHostAccess a build with what is the host's")]
    public void Of_PullAndBuild_IsInTheQuery(string path, string query, string expected) =>
        Assert.Equal(expected, Text("POST", path, query, ""));

    [Theory]
    [InlineData("""{"Name":"n"}""", "")]
    [InlineData("""{"Name":"n","Driver":"macvlan"}""", "OtherHostAccess a network of the host's interfaces or addresses")]
    public void Of_CreateNetwork_IsWhetherItReachesTheHost(string body, string expected) =>
        Assert.Equal(expected, Text("POST", "/networks/create", "", body));

    [Fact]
    public void Of_BodyThatIsNone_IsRefused() => Assert.Throws<FormatException>(() => Of("POST", Create, "", "[]"));

    [Theory]
    [InlineData(Create, "", """{"Image":"registry.example.com/a:1"}""", "registry.example.com/a")]
    [InlineData(Create, "", """{"Image":"sha256:0123456789abcdef"}""", "*")]
    [InlineData("/images/create", "?fromImage=busybox&FROMIMAGE=evil.net/x", "", "docker.io/library/busybox evil.net/x")]
    [InlineData("/build", "?t=x", "", "*")]
    public void Of_WhatMayNeedASignature_IsToldAndLeftToTheAgent(string path, string query, string body, string expected)
    {
        var demands = Of("POST", path, query, body).Where(demand => demand.Rule == PolicyRule.Signatures).ToList();

        Assert.Equal(expected, string.Join(' ', demands.Select(demand => demand.Value)));
        Assert.All(demands, demand => Assert.Null(demand.SignedBy));
    }

    private static IReadOnlyList<PolicyDemand> Of(string method, string path, string query, string body) =>
        DockerDemands.Of(DockerRules.Find(method, path, query)!, Encoding.UTF8.GetBytes(body));

    private static string Text(string method, string path, string query, string body, bool withMemory = true) => string.Join(
        '|',
        Of(method, path, query, body)
            .Where(demand => (withMemory || demand.Rule != PolicyRule.Memory) && demand.Rule != PolicyRule.Signatures)
            .Select(demand => $"{demand.Rule} {demand.Value}{(demand.Writes ? " writable" : "")}"));
}
