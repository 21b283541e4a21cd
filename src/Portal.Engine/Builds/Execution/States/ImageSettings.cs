using System.Text.Json.Nodes;

namespace Portal.Engine.Builds.Execution.States;

/// <summary>
/// The part of a configuration that containers inherit, as its document: what a base image holds and this engine does not know goes on.
/// </summary>
internal sealed class ImageSettings(JsonObject document)
{
    public JsonObject Document { get; } = document;

    /// <summary>True once this stage set a command of its own.</summary>
    public bool HasOwnCommand { get; set; }

    public IReadOnlyList<string> Environment => List("Env");

    public string WorkingDirectory => (string?)Document["WorkingDir"] ?? "";

    public string User => (string?)Document["User"] ?? "";

    public IReadOnlyList<string> OnBuild => List("OnBuild");

    /// <summary>What runs the shell form.</summary>
    public IReadOnlyList<string> Shell
    {
        get
        {
            const string Default = "/bin/sh";
            return List("Shell") is { Count: > 0 } own ? own : [Default, "-c"];
        }
    }

    public ImageSettings Copy() => new((JsonObject)Document.DeepClone());

    public IReadOnlyList<string> List(string name) =>
        Document[name] is JsonArray array ? [.. array.Select(item => (string?)item ?? "")] : [];

    public void SetList(string name, IEnumerable<string> values) =>
        Document[name] = new JsonArray([.. values.Select(value => (JsonNode)value)]);

    public void SetText(string name, string value) => Document[name] = value;

    public void Remove(string name) => Document.Remove(name);

    /// <summary>A member that is a map; made when it is missing.</summary>
    public JsonObject Map(string name)
    {
        if (Document[name] is not JsonObject map)
        {
            Document[name] = map = [];
        }

        return map;
    }

    public void SetVariable(string name, string value)
    {
        var variables = Environment.ToList();
        var index = variables.FindIndex(variable => variable.Split('=', 2)[0] == name);
        if (index < 0)
        {
            variables.Add($"{name}={value}");
        }
        else
        {
            variables[index] = $"{name}={value}";
        }

        SetList("Env", variables);
    }
}
