using System.Globalization;
using System.Text.Json.Nodes;
using Portal.Compose.Model;
using Portal.Compose.Nodes;
using Portal.Compose.Planning;

namespace Portal.Compose.Docker;

/// <summary>A service's container in the words of Docker's API: the body of <c>POST /containers/create</c>.</summary>
public static class ContainerBody
{
    public static JsonObject Of(ComposeProject project, ComposeService service, ContainerPlace place)
    {
        var definition = service.Definition;
        return Json.Object(
            ("Image", place.Image),
            ("Hostname", Json.Text(definition, "hostname")),
            ("Domainname", Json.Text(definition, "domainname")),
            ("User", Json.Text(definition, "user")),
            ("Tty", Json.Flag(definition, "tty")),
            ("OpenStdin", Json.Flag(definition, "stdin_open")),
            ("Env", Json.List(service.Environment.Select(pair => $"{pair.Key}={pair.Value}"))),
            ("Cmd", Words(definition, "command")),
            ("Entrypoint", Words(definition, "entrypoint")),
            ("WorkingDir", Json.Text(definition, "working_dir")),
            ("Labels", Labels(project, service, place)),
            ("ExposedPorts", Exposed(service)),
            ("Healthcheck", Healthcheck(definition.Map("healthcheck"))),
            ("MacAddress", Json.Text(definition, "mac_address")),
            ("StopSignal", Json.Text(definition, "stop_signal")),
            ("StopTimeout", StopTimeout(definition)),
            ("HostConfig", HostSettings.Of(project, service, place)),
            ("NetworkingConfig", Endpoints.Of(project, service)));
    }

    /// <summary>os/architecture[/variant] that the service asks for; empty for the node's own.</summary>
    public static string PlatformOf(ComposeService service) => service.Definition.Text("platform") ?? "";

    /// <summary>The labels by which Compose knows a container.</summary>
    private static JsonObject Labels(ComposeProject project, ComposeService service, ContainerPlace place)
    {
        var labels = new JsonObject();
        foreach (var (name, value) in service.Definition.Pairs("labels").Select(pair => (pair.Key, pair.Value ?? ""))
            .Concat(place.Labels.Select(pair => (pair.Key, pair.Value))))
        {
            labels[name] = value;
        }

        labels[ComposeLabels.Project] = project.Name;
        labels[ComposeLabels.Service] = service.Name;
        labels[ComposeLabels.Number] = place.Number.ToString(CultureInfo.InvariantCulture);
        labels[ComposeLabels.OneOff] = "False";
        labels[ComposeLabels.ConfigHash] = service.Hash;
        labels[ComposeLabels.Image] = place.ImageId;
        labels[ComposeLabels.DependsOn] = string.Join(',', service.DependsOn.Select(on =>
            $"{on.Service}:{ConditionOf(on.Condition)}:{(on.Restarts ? "true" : "false")}"));
        return labels;
    }

    private static string ConditionOf(DependencyCondition condition) => condition switch
    {
        DependencyCondition.Healthy => "service_healthy",
        DependencyCondition.CompletedSuccessfully => "service_completed_successfully",
        _ => "service_started",
    };

    // An empty list is said on purpose: the image's own is not to be taken.
    private static JsonArray? Words(ComposeMap definition, string key) => definition[key] is ComposeList
        ? new JsonArray([.. definition.Texts(key).Select(text => JsonValue.Create(text))])
        : null;

    private static JsonObject? Exposed(ComposeService service)
    {
        var ports = service.Ports.Select(port => $"{port.Target}/{port.Protocol}")
            .Concat(service.Definition.Texts("expose").Select(port => port.Contains('/', StringComparison.Ordinal) ? port : port + "/tcp"));
        var exposed = new JsonObject();
        foreach (var port in ports)
        {
            exposed[port] = new JsonObject();
        }

        return exposed.Count > 0 ? exposed : null;
    }

    private static JsonObject? Healthcheck(ComposeMap? check) => check is null ? null : Json.Object(
        ("Test", Json.Texts(check, "test")),
        ("Interval", Json.Nanoseconds(check, "interval")),
        ("Timeout", Json.Nanoseconds(check, "timeout")),
        ("StartPeriod", Json.Nanoseconds(check, "start_period")),
        ("StartInterval", Json.Nanoseconds(check, "start_interval")),
        ("Retries", Json.Number(check, "retries")));

    private static JsonNode? StopTimeout(ComposeMap definition) =>
        Json.Time(definition, "stop_grace_period") is { } time ? JsonValue.Create((int)Math.Ceiling(time.TotalSeconds)) : null;
}
