using System.Text.Json.Nodes;
using Portal.Engine.Containers.Health;

namespace Portal.Engine.Images.Formats;

/// <summary>Writes the part of a configuration that containers inherit (image-spec, <c>config.md</c>, "config").</summary>
internal static class ConfigWriter
{
    private const long NanosecondsPerTick = 100;

    public static JsonObject Write(ImageConfig config)
    {
        var written = new JsonObject();
        AddText(written, "User", config.User);
        AddSet(written, "ExposedPorts", config.ExposedPorts);
        AddList(written, "Env", config.Environment);
        AddList(written, "Entrypoint", config.Entrypoint);
        AddList(written, "Cmd", config.Command);
        AddSet(written, "Volumes", config.Volumes);
        AddText(written, "WorkingDir", config.WorkingDirectory);
        if (config.Labels.Count > 0)
        {
            written["Labels"] = new JsonObject(config.Labels
                .OrderBy(label => label.Key, StringComparer.Ordinal)
                .Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        }

        AddText(written, "StopSignal", config.StopSignal);
        AddList(written, "Shell", config.Shell);
        AddList(written, "OnBuild", config.OnBuild);
        if (config.Healthcheck is { } check)
        {
            written["Healthcheck"] = Write(check);
        }

        return written;
    }

    private static JsonObject Write(Healthcheck check)
    {
        var written = new JsonObject();
        AddList(written, "Test", check.Test);
        AddTime(written, "Interval", check.Interval);
        AddTime(written, "Timeout", check.Timeout);
        AddTime(written, "StartPeriod", check.StartPeriod);
        AddTime(written, "StartInterval", check.StartInterval);
        if (check.Retries != 0)
        {
            written["Retries"] = check.Retries;
        }

        return written;
    }

    private static void AddText(JsonObject target, string name, string text)
    {
        if (text.Length > 0)
        {
            target[name] = text;
        }
    }

    private static void AddList(JsonObject target, string name, IReadOnlyList<string>? texts)
    {
        if (texts is { Count: > 0 })
        {
            target[name] = new JsonArray([.. texts.Select(text => (JsonNode)text)]);
        }
    }

    private static void AddSet(JsonObject target, string name, IReadOnlyList<string> keys)
    {
        if (keys.Count > 0)
        {
            target[name] = new JsonObject(keys
                .Order(StringComparer.Ordinal)
                .Select(key => KeyValuePair.Create(key, (JsonNode?)new JsonObject())));
        }
    }

    private static void AddTime(JsonObject target, string name, TimeSpan time)
    {
        if (time != TimeSpan.Zero)
        {
            target[name] = time.Ticks * NanosecondsPerTick;
        }
    }
}
