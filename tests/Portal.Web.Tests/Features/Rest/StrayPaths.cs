namespace Portal.Web.Tests.Features.Rest;

/// <summary>
/// Ways to write an address so that it might lead to another node than the one that is checked: <c>OWN</c> is one's own,
/// <c>OTHER</c> another's.
/// </summary>
internal static class StrayPaths
{
    public static readonly IReadOnlyList<(string Method, string Path)> All =
    [
        ("GET", "/api/v1/nodes/OTHER/containers"),
        ("GET", "/api/v1/nodes/UPPER/containers"),
        ("GET", "/api/v1/nodes/BARE/containers"),
        ("GET", "/api/v1/nodes/%7BOTHER%7D/containers"),
        ("GET", "/api/v1/nodes/(OTHER)/containers"),
        ("GET", "/api/v1/nodes/ENCODED/containers/web"),
        ("POST", "/api/v1/nodes/ENCODED/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN/../OTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN/%2e%2e/OTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN/%2E%2E%2FOTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN%2F..%2FOTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN/./../OTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes//OTHER/containers/web/stop"),
        ("POST", "/api/v1//nodes/OTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OTHER/containers/web/stop/"),
        ("POST", "/API/V1/NODES/OTHER/CONTAINERS/web/STOP"),
        ("POST", "/api/v1/nodes/OTHER%00/containers/web/stop"),
        ("POST", "/api/v1/nodes/%20OTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN/containers/..%2f..%2fOTHER%2fcontainers%2fweb/stop"),
        ("POST", "/api/v1/nodes/OWN/containers/web/stop?nodeId=OTHER"),
        ("POST", "/api/v1/nodes/OWN;OTHER/containers/web/stop"),
        ("POST", "/api/v1/nodes/OWN%5c..%5cOTHER/containers/web/stop"),
        ("DELETE", "/api/v1/nodes/ENCODED"),
        ("DELETE", "/api/v1/nodes/OWN/../OTHER"),
        ("DELETE", "/api/v1/nodes/OTHER/volumes/..%2f..%2fx"),
        ("DELETE", "/api/v1/nodes/OTHER/networks/n/containers/web"),
        ("DELETE", "/api/v1/nodes/OTHER/images?image=a"),
        ("GET", "/api/v1/nodes/OTHER/stats"),
        ("GET", "/api/v1/nodes/OTHER/settings"),
    ];
}
