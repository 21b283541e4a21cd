using System.Text.Json.Nodes;

namespace Portal.Web.Tests.Features.Deployments;

/// <summary>A container of a <see cref="SimulatedNode"/>.</summary>
internal sealed class SimulatedContainer
{
    public required string Id { get; init; }

    public required string Name { get; set; }

    public required string Image { get; init; }

    public required string ImageId { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Of the host, as <c>8080/tcp</c>.</summary>
    public IReadOnlyList<string> Ports { get; init; } = [];

    public bool HasCheck { get; init; }

    public string State { get; set; } = "created";

    public int ExitCode { get; private set; }

    /// <summary>How often files were put into it.</summary>
    public int Files { get; set; }

    public bool IsRunning => State == "running";

    public static SimulatedContainer Of(string id, string name, JsonObject body, Func<string, string> idOf)
    {
        var image = body["Image"]!.GetValue<string>();
        var bindings = body["HostConfig"]?["PortBindings"] as JsonObject;
        return new SimulatedContainer
        {
            Id = id,
            Name = name,
            Image = image,
            ImageId = image.StartsWith("sha256:", StringComparison.Ordinal) ? image : idOf(image),
            Labels = ((JsonObject)body["Labels"]!).ToDictionary(label => label.Key, label => label.Value!.GetValue<string>()),
            HasCheck = body["Healthcheck"] is not null,
            Ports = [.. (bindings ?? []).SelectMany(port => port.Value!.AsArray().Select(binding =>
                $"{binding!["HostPort"]!.GetValue<string>()}/{port.Key.Split('/')[1]}"))],
        };
    }

    /// <summary>After how many looks at it it ends; null for never.</summary>
    public int? EndsAfter { get; set; }

    /// <summary>It was made before its tag went bad.</summary>
    public bool IsOlder { get; init; }

    // What is bad ends at once.
    public void Start() =>
        (State, ExitCode) = !IsOlder && Image.EndsWith(":bad", StringComparison.Ordinal) ? ("exited", 1) : ("running", 0);

    public void Look()
    {
        if (EndsAfter is { } looks && State == "running")
        {
            EndsAfter = looks - 1;
            (State, ExitCode) = looks <= 0 ? ("exited", 1) : (State, ExitCode);
        }
    }

    public void Stop() => State = State == "running" ? "exited" : State;

    public JsonObject Row() => new()
    {
        ["Id"] = Id,
        ["Names"] = new JsonArray("/" + Name),
        ["ImageID"] = ImageId,
        ["State"] = State,
        ["Labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
        ["HostConfig"] = new JsonObject { ["NetworkMode"] = "default" },
        ["Ports"] = new JsonArray([.. (IsRunning ? Ports : []).Select(port => new JsonObject
        {
            ["PublicPort"] = int.Parse(port.Split('/')[0], System.Globalization.CultureInfo.InvariantCulture),
            ["Type"] = port.Split('/')[1],
        })]),
    };

    public JsonObject Inspect()
    {
        var state = new JsonObject { ["Status"] = State, ["Running"] = IsRunning, ["ExitCode"] = ExitCode, ["Error"] = "" };
        if (HasCheck)
        {
            state["Health"] = new JsonObject { ["Status"] = IsRunning ? "healthy" : "unhealthy", ["Log"] = new JsonArray() };
        }

        return new JsonObject
        {
            ["Id"] = Id,
            ["Name"] = "/" + Name,
            ["Image"] = ImageId,
            ["Config"] = new JsonObject
            {
                ["Image"] = Image,
                ["Labels"] = new JsonObject(Labels.Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
            },
            ["State"] = state,
            ["RestartCount"] = 0,
            ["HostConfig"] = new JsonObject { ["RestartPolicy"] = new JsonObject { ["Name"] = "no" } },
            ["Mounts"] = new JsonArray(),
        };
    }
}
