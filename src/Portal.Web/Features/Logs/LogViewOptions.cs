using Microsoft.AspNetCore.WebUtilities;

namespace Portal.Web.Features.Logs;

/// <summary>How a log is looked at, as the address says it and the browser is told.</summary>
public sealed record LogViewOptions
{
    /// <summary>How many lines a view holds.</summary>
    public int Capacity { get; init; } = 20_000;

    public string Text { get; init; } = "";

    public bool Regex { get; init; }

    /// <summary>All lines but those with the text.</summary>
    public bool Inverse { get; init; }

    /// <summary>Such as <c>level=error status>=500</c>.</summary>
    public string Fields { get; init; } = "";

    /// <summary>This level and worse; empty for all.</summary>
    public string Level { get; init; } = "";

    /// <summary><c>local</c>, <c>utc</c> or <c>off</c>.</summary>
    public string Times { get; init; } = "local";

    public bool Wrap { get; init; }

    /// <summary>Each container beside the others instead of all merged.</summary>
    public bool Side { get; init; }

    public static LogViewOptions Parse(string address)
    {
        var parts = QueryHelpers.ParseQuery(new Uri(address).Query);
        return new LogViewOptions
        {
            Text = Part("find"),
            Regex = Part("regex") == "1",
            Inverse = Part("not") == "1",
            Fields = Part("fields"),
            Level = Part("level"),
            Times = Part("times") is "utc" or "off" ? Part("times") : "local",
            Wrap = Part("wrap") == "1",
            Side = Part("side") == "1",
        };

        string Part(string name) => parts.GetValueOrDefault(name).FirstOrDefault() ?? "";
    }

    /// <summary>The parts of an address; null for those that stand for their default.</summary>
    public Dictionary<string, object?> ToAddress() => new()
    {
        ["find"] = Text.Length > 0 ? Text : null,
        ["regex"] = Flag(Regex),
        ["not"] = Flag(Inverse),
        ["fields"] = Fields.Trim() is { Length: > 0 } fields ? fields : null,
        ["level"] = Level.Length > 0 ? Level : null,
        ["times"] = Times == "local" ? null : Times,
        ["wrap"] = Flag(Wrap),
        ["side"] = Flag(Side),
    };

    private static string? Flag(bool on) => on ? "1" : null;
}
