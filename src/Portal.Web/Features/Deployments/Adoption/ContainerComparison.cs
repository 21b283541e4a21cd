using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Compose.Docker;
using Portal.Compose.Model;

namespace Portal.Web.Features.Deployments.Adoption;

/// <summary>
/// Whether a container that another tool made is what a service says: then it need not be made anew to be the service's.
/// </summary>
/// <remarks>What the file does not say is not compared: it is the image's, or the engine's.</remarks>
internal static class ContainerComparison
{
    private static readonly IReadOnlyDictionary<string, string> s_none = new Dictionary<string, string>();

    /// <summary>What differs, as words of Docker's; empty when nothing does.</summary>
    /// <param name="project">The project.</param>
    /// <param name="service">One of its services.</param>
    /// <param name="inspected">The container, as <c>docker inspect</c> has it.</param>
    public static IReadOnlyList<string> Differences(ComposeProject project, ComposeService service, JsonElement inspected)
    {
        var place = new ContainerPlace("", 1, service.Image, "", s_none, s_none, s_none);
        var wanted = ContainerBody.Of(project, service, place);
        var (config, host) = (inspected.GetProperty("Config"), inspected.GetProperty("HostConfig"));
        var found = new List<string>();
        foreach (var (name, value) in wanted)
        {
            switch (name)
            {
                case "HostConfig":
                    found.AddRange(((JsonObject)value!).Where(setting => setting.Key is not ("NetworkMode" or "Binds" or "Mounts")
                        && !IsSame(setting.Value, Find(host, setting.Key))).Select(setting => setting.Key));
                    break;
                case "Env":
                    found.AddRange(Missing(value!, config, name));
                    break;
                case "Labels" or "NetworkingConfig" or "ExposedPorts" or "StopTimeout":
                    break;
                default:
                    found.AddRange(IsSame(value, Find(config, name)) ? [] : [name]);
                    break;
            }
        }

        found.AddRange(MountDifferences((JsonObject)wanted["HostConfig"]!, inspected));
        found.AddRange(NetworkDifferences(wanted["NetworkingConfig"] as JsonObject, inspected));
        return found;
    }

    private static JsonElement? Find(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? value : null;

    private static IEnumerable<string> Missing(JsonNode wanted, JsonElement config, string name)
    {
        var there = Find(config, name) is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(item => item.GetString()).ToHashSet(StringComparer.Ordinal) : [];

        // The name alone: the value may be secret.
        return wanted.AsArray().Select(item => item!.GetValue<string>()).Where(item => !there.Contains(item))
            .Select(item => $"{name} {item.Split('=')[0]}");
    }

    // Members that are wanted must be as they are wanted; that more are there is the engine's business.
    private static bool IsSame(JsonNode? wanted, JsonElement? there) => (wanted, there) switch
    {
        (null, _) => true,
        (JsonObject map, { ValueKind: JsonValueKind.Object } element) =>
            map.All(member => IsSame(member.Value, Find(element, member.Key))),
        (JsonArray list, { ValueKind: JsonValueKind.Array } element) => list.Count == element.GetArrayLength()
            && list.Zip(element.EnumerateArray()).All(pair => IsSame(pair.First, pair.Second)),
        (JsonArray { Count: 0 } or JsonObject { Count: 0 }, null or { ValueKind: JsonValueKind.Null }) => true,
        (_, null) => false,
        _ => wanted.ToJsonString() == there!.Value.GetRawText()
            || (wanted is JsonValue value && value.TryGetValue<string>(out var text) && there.Value.ValueKind == JsonValueKind.String
                && text == there.Value.GetString()),
    };

    private static IEnumerable<string> MountDifferences(JsonObject host, JsonElement inspected)
    {
        var there = inspected.GetProperty("Mounts").EnumerateArray().Select(mount =>
            $"{(mount.TryGetProperty("Name", out var name) && name.GetString() is { Length: > 0 } volume
                ? volume : mount.GetProperty("Source").GetString())}:{mount.GetProperty("Destination").GetString()}")
            .ToHashSet(StringComparer.Ordinal);
        var binds = (host["Binds"]?.AsArray() ?? []).Select(bind => string.Join(':', bind!.GetValue<string>().Split(':')[..2]));
        var mounts = (host["Mounts"]?.AsArray() ?? []).Where(mount => mount!["Source"] is not null)
            .Select(mount => $"{mount!["Source"]!.GetValue<string>()}:{mount["Target"]!.GetValue<string>()}");
        return binds.Concat(mounts).Where(mount => !there.Contains(mount)).Select(mount => $"mount {mount}");
    }

    private static IEnumerable<string> NetworkDifferences(JsonObject? wanted, JsonElement inspected)
    {
        var there = inspected.GetProperty("NetworkSettings").GetProperty("Networks").EnumerateObject().Select(network => network.Name)
            .ToHashSet(StringComparer.Ordinal);
        var names = (wanted?["EndpointsConfig"] as JsonObject)?.Select(network => network.Key) ?? [];
        return names.Where(name => !there.Contains(name)).Select(name => $"network {name}");
    }
}
