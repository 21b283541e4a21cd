namespace Portal.Web.Tests.Features.Rest;

/// <summary>
/// What reaches the host when it is asked of a node, and the roles that may: letters of <see cref="Access.RoleTable"/>.
/// What is said twice, as <c>binds</c> and
/// as <c>mounts</c>, is judged alike.
/// </summary>
internal static class HostReach
{
    public const string Containers = "containers";
    public const string Volumes = "volumes";
    public const string Networks = "networks";

    public static readonly IReadOnlyList<(string Path, string Body, string Roles)> All =
    [
        (Containers, """{"image":"a"}""", "AOD"),
        (Containers, """{"image":"a","start":true}""", "AOD"),
        (Containers, """{"image":"a","mounts":[{"type":"volume","source":"data","target":"/d"}]}""", "AOD"),
        (Containers, """{"image":"a","mounts":[{"type":"tmpfs","target":"/t","sizeBytes":65536}]}""", "AOD"),
        (Containers, """{"image":"a","capabilitiesToAdd":["NET_BIND_SERVICE"]}""", "AOD"),
        (Containers, """{"image":"a","securityOptions":["no-new-privileges"]}""", "AOD"),
        (Containers, """{"image":"a","usernsMode":"auto"}""", "AOD"),
        (Containers, """{"image":"a","privileged":true}""", "AO"),
        (Containers, """{"image":"a","binds":["/:/host"]}""", "AO"),
        (Containers, """{"image":"a","binds":["/etc:/etc:ro"]}""", "AO"),
        (Containers, """{"image":"a","mounts":[{"type":"bind","source":"/","target":"/host"}]}""", "AO"),
        (Containers, """{"image":"a","mounts":[{"type":"BIND","source":"/","target":"/host"}]}""", "AO"),
        (Containers, """{"image":"a","mounts":[{"type":"","source":"/","target":"/host"}]}""", "AO"),
        (Containers, """{"image":"a","mounts":[{"type":"tmpfs","target":"/d"},{"type":"bind","source":"/","target":"/h"}]}""", "AO"),
        (Containers, """{"image":"a","devices":[{"pathOnHost":"/dev/sda"}]}""", "AO"),
        (Containers, """{"image":"a","gpus":-1}""", "AO"),
        (Containers, """{"image":"a","cdiDevices":["vendor.com/class=all"]}""", "AO"),
        (Containers, """{"image":"a","capabilitiesToAdd":["SYS_ADMIN"]}""", "AO"),
        (Containers, """{"image":"a","capabilitiesToAdd":["cap_sys_admin"]}""", "AO"),
        (Containers, """{"image":"a","capabilitiesToAdd":["ALL"]}""", "AO"),
        (Containers, """{"image":"a","networkMode":"host"}""", "AO"),
        (Containers, """{"image":"a","networkMode":"container:web"}""", "AO"),
        (Containers, """{"image":"a","pidMode":"host"}""", "AO"),
        (Containers, """{"image":"a","ipcMode":"container:web"}""", "AO"),
        (Containers, """{"image":"a","utsMode":"host"}""", "AO"),
        (Containers, """{"image":"a","usernsMode":"host"}""", "AO"),
        (Containers, """{"image":"a","securityOptions":["seccomp=unconfined"]}""", "AO"),
        (Containers, """{"image":"a","runtime":"other"}""", "AO"),
        (Volumes, """{"name":"v"}""", "AOD"),
        (Volumes, """{"name":"v","options":{"type":"tmpfs","device":"tmpfs","o":"size=1m"}}""", "AOD"),
        (Volumes, """{"name":"v","options":{"type":"tmpfs","device":"tmpfs","o":"size=90%"}}""", "AO"),
        (Volumes, """{"name":"v","options":{"type":"none","o":"bind","device":"/"}}""", "AO"),
        (Volumes, """{"name":"v","options":{"type":"none","o":"rw,BIND","device":"/etc"}}""", "AO"),
        (Volumes, """{"name":"v","options":{"type":"nfs","o":"addr=10.0.0.1","device":":/x"}}""", "AO"),
        (Volumes, """{"name":"v","options":{"unheard":"of"}}""", "AO"),
        (Networks, """{"name":"n"}""", "AOD"),
        (Networks, """{"name":"n","subnets":[{"subnet":"10.9.0.0/24"}]}""", "AOD"),
        (Networks, """{"name":"n","subnets":[{"subnet":"8.8.8.0/24"}]}""", "AO"),
        (Networks, """{"name":"n","driver":"macvlan"}""", "AO"),
        (Networks, """{"name":"n","driver":"ipvlan","options":{"parent":"eth0"}}""", "AO"),
        (Networks, """{"name":"n","options":{"com.docker.network.bridge.name":"docker0"}}""", "AO"),
        (Networks, """{"name":"n","options":{"com.docker.network.bridge.gateway_mode_ipv4":"routed"}}""", "AO"),
        (Networks, """{"name":"n","configFrom":"other"}""", "AO"),
    ];
}
