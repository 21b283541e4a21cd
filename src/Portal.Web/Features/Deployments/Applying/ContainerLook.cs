using System.Text.Json;
using Portal.Web.Features.Deployments.Node;

namespace Portal.Web.Features.Deployments.Applying;

/// <summary>How one container stands.</summary>
/// <remarks><c>Health</c>: docker's word; empty without a check. <c>Kept</c>: its anonymous volumes by their place in it.</remarks>
internal sealed record ContainerLook(
    string Id,
    string Name,
    string State,
    int ExitCode,
    int Restarts,
    string Health,
    string HealthOutput,
    string Error,
    string RestartPolicy,
    IReadOnlyDictionary<string, string> Kept)
{
    // Names that the engine makes up.
    private const int AnonymousLength = 64;

    public bool IsRunning => State is "running" or "paused";

    /// <summary>It ended well, and was not to go on.</summary>
    public bool IsDone => State == "exited" && ExitCode == 0;

    public bool HasEnded => State is "exited" or "dead";

    public bool HasCheck => Health is not ("" or "none");

    public bool StartsAgain => RestartPolicy is not ("" or "no");

    public static async Task<ContainerLook> AtAsync(NodeDocker node, string container, CancellationToken cancellationToken)
    {
        var found = await node.ReadAsync($"/containers/{container}/json", "", cancellationToken);
        var state = found.GetProperty("State");
        var hasHealth = state.TryGetProperty("Health", out var health) && health.ValueKind == JsonValueKind.Object;
        return new ContainerLook(
            found.GetProperty("Id").GetString()!,
            found.GetProperty("Name").GetString()!.TrimStart('/'),
            state.GetProperty("Status").GetString()!,
            state.GetProperty("ExitCode").GetInt32(),
            found.GetProperty("RestartCount").GetInt32(),
            hasHealth ? health.GetProperty("Status").GetString() ?? "" : "",
            hasHealth ? Output(health) : "",
            state.GetProperty("Error").GetString() ?? "",
            found.GetProperty("HostConfig").GetProperty("RestartPolicy").GetProperty("Name").GetString() ?? "",
            Anonymous(found));
    }

    /// <summary>In a few words for people.</summary>
    public override string ToString() => State switch
    {
        "exited" => E("ended with code {0}", ExitCode),
        "running" when Health.Length > 0 => E("runs, {0:said}", Health),
        "running" => N("runs"),
        _ => State,
    };

    private static string Output(JsonElement health) =>
        health.TryGetProperty("Log", out var log) && log.ValueKind == JsonValueKind.Array && log.GetArrayLength() > 0
            ? log.EnumerateArray().Last().GetProperty("Output").GetString() ?? "" : "";

    private static Dictionary<string, string> Anonymous(JsonElement container)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in container.GetProperty("Mounts").EnumerateArray())
        {
            if (mount.GetProperty("Type").GetString() == "volume" && mount.TryGetProperty("Name", out var name)
                && name.GetString() is { Length: AnonymousLength } volume && volume.All(char.IsAsciiHexDigitLower))
            {
                found[mount.GetProperty("Destination").GetString()!] = volume;
            }
        }

        return found;
    }
}
