using System.Text.Json;
using Portal.Compose.Planning;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>A container as a node lists it.</summary>
/// <remarks>
/// <c>State</c>: docker's word: created, running, exited, ... <c>NetworkMode</c>: as it was made; <c>container:ID</c> for one that
/// shares another's. <c>Ports</c>: of the host, as <c>8080/tcp</c>; those of running containers only.
/// </remarks>
internal sealed record NodeContainer(
    string Id,
    string Name,
    string ImageId,
    string State,
    IReadOnlyDictionary<string, string> Labels,
    string NetworkMode,
    IReadOnlyList<string> Ports)
{
    public bool IsRunning => State is "running" or "paused" or "restarting";

    public string Project => Labels.GetValueOrDefault(ComposeLabels.Project, "");

    /// <summary>The container whose place it was made to take; empty for none.</summary>
    public string Replaces => Labels.GetValueOrDefault(ComposeLabels.Replaces, "");

    public RunningContainer ForPlan() => new(Id, Name, ImageId, IsRunning, Labels);

    /// <summary>One of <c>GET /containers/json</c>.</summary>
    public static NodeContainer Read(JsonElement container) => new(
        container.GetProperty("Id").GetString()!,
        container.GetProperty("Names").EnumerateArray().Select(name => name.GetString()!.TrimStart('/')).FirstOrDefault() ?? "",
        container.GetProperty("ImageID").GetString()!,
        container.GetProperty("State").GetString()!,
        ReadLabels(container),
        container.TryGetProperty("HostConfig", out var host) && host.TryGetProperty("NetworkMode", out var mode)
            ? mode.GetString() ?? "" : "",
        ReadPorts(container));

    internal static Dictionary<string, string> ReadLabels(JsonElement thing) =>
        thing.TryGetProperty("Labels", out var labels) && labels.ValueKind == JsonValueKind.Object
            ? labels.EnumerateObject().ToDictionary(label => label.Name, label => label.Value.GetString() ?? "", StringComparer.Ordinal)
            : [];

    private static IReadOnlyList<string> ReadPorts(JsonElement container) =>
        container.TryGetProperty("Ports", out var ports) && ports.ValueKind == JsonValueKind.Array
            ? [.. ports.EnumerateArray().Where(port => port.TryGetProperty("PublicPort", out var number) && number.GetInt32() > 0)
                .Select(port => $"{port.GetProperty("PublicPort").GetInt32()}/{port.GetProperty("Type").GetString()}").Distinct()]
            : [];
}
