using System.Text.RegularExpressions;
using Portal.Engine.Containers;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>Docker's tag templates: <c>{{.Name}}/{{.ID}}</c>.</summary>
internal static partial class LogTag
{
    private const string FieldForm = @"\{\{\s*\.(?<field>[A-Za-z]+)\s*\}\}";
    private const string AttributeForm =
        """\{\{\s*(?:\(\s*\.ExtraAttributes\s+nil\s*\)\.(?<name>\w+)"""
        + """|index\s+\(\s*\.ExtraAttributes\s+nil\s*\)\s+"(?<name>[^"{}]+)")\s*\}\}""";
    private const string Default = "{{.ID}}";
    private const int ShortId = 12;

    // What Go's templates write for a key that a map has not.
    private const string NoValue = "<no value>";

    private static readonly string[] s_fields =
    [
        "ID", "FullID", "Name", "ImageID", "ImageFullID", "ImageName", "DaemonName", "Command", "Hostname", "ContainerID", "ContainerName",
        "ContainerImageID", "ContainerImageName",
    ];

    /// <summary>What is wrong with a template; null when nothing is.</summary>
    public static string? Problem(string template)
    {
        var rest = Attribute().Replace(template, "");
        rest = Field().Replace(rest, match => s_fields.Contains(match.Groups["field"].Value) ? "" : match.Value);
        return rest.Contains("{{", StringComparison.Ordinal) || rest.Contains("}}", StringComparison.Ordinal)
            ? $"invalid value '{template}' for log opt 'tag': it may hold {string.Join(", ", s_fields.Select(name => "{{." + name + "}}"))}"
                + " and {{(.ExtraAttributes nil).NAME}}"
            : null;
    }

    public static string Format(ContainerInfo container)
    {
        var template = container.Spec.LogOptions.GetValueOrDefault("tag");
        var chosen = LogAttributes.Of(container.Spec);

        // In one pass: what a label or a variable holds is no template.
        return Any().Replace(
            string.IsNullOrEmpty(template) ? Default : template,
            match => match.Groups["field"] is { Success: true } field
                ? Value(container, field.Value) ?? match.Value
                : chosen.GetValueOrDefault(match.Groups["name"].Value, NoValue));
    }

    private static string? Value(ContainerInfo container, string field) => field switch
    {
        "ID" => container.Id[..ShortId],
        "FullID" or "ContainerID" => container.Id,
        "Name" => container.Name,
        "ContainerName" => "/" + container.Name,
        "ImageID" => container.ImageId.Replace("sha256:", "", StringComparison.Ordinal)[..ShortId],
        "ImageFullID" or "ContainerImageID" => container.ImageId,
        "ImageName" or "ContainerImageName" => container.Spec.Image,
        "DaemonName" => "docker",
        "Command" => string.Join(' ', container.Arguments),
        "Hostname" => Environment.MachineName,
        _ => null,
    };

    [GeneratedRegex(FieldForm)]
    private static partial Regex Field();

    [GeneratedRegex(AttributeForm)]
    private static partial Regex Attribute();

    [GeneratedRegex(FieldForm + "|" + AttributeForm)]
    private static partial Regex Any();
}
