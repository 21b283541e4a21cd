using System.Text.Json;
using System.Text.Json.Nodes;

namespace Portal.Web.Features.Updates.Containers;

/// <summary>
/// What makes a container that is as another one was asked for (Docker's API, <c>POST /containers/create</c>). An engine tells a container's
/// settings together with what its image gave it; that part is left out, so that the newer image gives its own.
/// </summary>
internal static class SuccessorBody
{
    private const int ShortId = 12;
    private const int AnonymousName = 64;

    // An engine that has the runtime chosen for it tells Docker's default.
    private const string DefaultRuntime = "runc";
    private static readonly string[] s_plain = ["WorkingDir", "User", "StopSignal", "Shell", "Healthcheck"];

    /// <summary>The body.</summary>
    /// <param name="container">What <c>docker inspect</c> has of it.</param>
    /// <param name="image">What <c>docker image inspect</c> has of the image that it was made of; null where that is gone.</param>
    public static JsonObject Of(JsonElement container, JsonElement? image)
    {
        var id = container.GetProperty("Id").GetString()!;
        var body = Copy(container, "Config");
        var host = Copy(container, "HostConfig");
        var mode = host["NetworkMode"]?.GetValue<string>() ?? "";
        var isOwnNetwork = mode is not ("host" or "none") && !mode.StartsWith("container:", StringComparison.Ordinal);
        if (!isOwnNetwork || Text(body, "Hostname") == id[..ShortId])
        {
            body.Remove("Hostname");
        }

        if (image is { } of && Copy(of, "Config") is { Count: > 0 } given)
        {
            LeaveOut(body, given);
        }

        host.Remove("ContainerIDFile");
        if (Text(host, "Runtime") == DefaultRuntime)
        {
            host.Remove("Runtime");
        }

        host["Links"] = Links(host["Links"]);
        KeepVolumes(container, body, host);
        body["HostConfig"] = host;
        if (isOwnNetwork && Endpoints(container, id, Text(body, "MacAddress")) is { Count: > 0 } endpoints)
        {
            body["NetworkingConfig"] = new JsonObject { ["EndpointsConfig"] = endpoints };
        }

        return body;
    }

    private static JsonObject Copy(JsonElement from, string name) =>
        from.TryGetProperty(name, out var part) && part.ValueKind == JsonValueKind.Object
            ? JsonNode.Parse(part.GetRawText())!.AsObject() : [];

    private static string Text(JsonObject of, string name) =>
        of[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";

    private static void LeaveOut(JsonObject body, JsonObject given)
    {
        // Who gives another program means its arguments too, be they the image's.
        if (JsonNode.DeepEquals(body["Entrypoint"], given["Entrypoint"]))
        {
            body.Remove("Entrypoint");
            if (JsonNode.DeepEquals(body["Cmd"], given["Cmd"]))
            {
                body.Remove("Cmd");
            }
        }

        foreach (var name in s_plain.Where(name => JsonNode.DeepEquals(body[name], given[name])))
        {
            body.Remove(name);
        }

        var variables = Texts(given["Env"]).ToHashSet(StringComparer.Ordinal);
        body["Env"] = new JsonArray(
            [.. Texts(body["Env"]).Where(variable => !variables.Contains(variable)).Select(text => (JsonNode?)text)]);
        foreach (var name in new[] { "Labels", "ExposedPorts", "Volumes" })
        {
            if (body[name] is JsonObject own && given[name] is JsonObject of)
            {
                foreach (var key in own.Where(pair => of.ContainsKey(pair.Key) && JsonNode.DeepEquals(pair.Value, of[pair.Key]))
                    .Select(pair => pair.Key).ToList())
                {
                    own.Remove(key);
                }
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) =>
        (list as JsonArray ?? []).OfType<JsonValue>().Select(value => value.GetValue<string>());

    // An engine tells "/db:/web/database" of what is asked for as "db:database".
    private static JsonArray? Links(JsonNode? links) => links is not JsonArray { Count: > 0 } ? null
        : new JsonArray([.. Texts(links).Select(link => link.Split(':')).Where(parts => parts.Length == 2)
            .Select(parts => (JsonNode?)$"{parts[0].TrimStart('/')}:{parts[1][(parts[1].LastIndexOf('/') + 1)..]}")]);

    // A volume that nobody named has the container's data all the same: it moves on.
    private static void KeepVolumes(JsonElement container, JsonObject body, JsonObject host)
    {
        var named = Texts(host["Binds"]).Select(bind => bind.Split(':')).Where(parts => parts.Length > 1).Select(parts => parts[1])
            .Concat((host["Mounts"] as JsonArray ?? []).OfType<JsonObject>().Where(mount => Text(mount, "Source").Length > 0)
                .Select(mount => Text(mount, "Target")))
            .ToHashSet(StringComparer.Ordinal);
        if (!container.TryGetProperty("Mounts", out var mounts) || mounts.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var mount in mounts.EnumerateArray().Where(mount => mount.GetProperty("Type").GetString() == "volume"))
        {
            var (volume, place) = (mount.GetProperty("Name").GetString() ?? "", mount.GetProperty("Destination").GetString() ?? "");
            if (volume.Length != AnonymousName || !volume.All(char.IsAsciiHexDigitLower) || named.Contains(place))
            {
                continue;
            }

            var isReadOnly = mount.TryGetProperty("RW", out var writable) && writable.ValueKind == JsonValueKind.False;
            var binds = host["Binds"] as JsonArray;
            host["Binds"] = binds ??= [];
            binds.Add($"{volume}:{place}{(isReadOnly ? ":ro" : "")}");
            (body["Volumes"] as JsonObject)?.Remove(place);
            if (host["Mounts"] is JsonArray asked)
            {
                asked.RemoveAll(one => one is JsonObject known && Text(known, "Target") == place);
            }
        }
    }

    // Addresses and names that were asked for; what the engine gave by itself, it gives anew.
    private static JsonObject Endpoints(JsonElement container, string id, string mac)
    {
        var endpoints = new JsonObject();
        foreach (var (name, value) in Copy(Copy(container, "NetworkSettings"), "Networks"))
        {
            if (value is not JsonObject network)
            {
                continue;
            }

            var endpoint = new JsonObject();
            foreach (var setting in new[] { "IPAMConfig", "DriverOpts", "GwPriority" }.Where(setting => network[setting] is not null))
            {
                endpoint[setting] = network[setting]!.DeepClone();
            }

            var aliases = Texts(network["Aliases"]).Where(alias => alias != id[..ShortId]).Select(alias => (JsonNode?)alias).ToArray();
            if (aliases.Length > 0)
            {
                endpoint["Aliases"] = new JsonArray(aliases);
            }

            if (mac.Length > 0 && Text(network, "MacAddress") == mac)
            {
                endpoint["MacAddress"] = mac;
            }

            endpoints[name] = endpoint;
        }

        return endpoints;
    }

    private static JsonObject Copy(JsonObject from, string name) => from[name] is JsonObject part ? part.DeepClone().AsObject() : [];
}
