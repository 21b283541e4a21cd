using Portal.Engine.Logs.Forwarding;

namespace Portal.Engine.Api.System.Models;

/// <summary>What is built in, by kind.</summary>
internal sealed record PluginsModel
{
    public List<string> Volume { get; init; } = ["local"];

    public List<string> Network { get; init; } = ["bridge", "host", "ipvlan", "macvlan", "null", "overlay"];

    public List<string>? Authorization { get; init; }

    public List<string> Log { get; init; } = [.. LogDriverOptions.Drivers];
}
