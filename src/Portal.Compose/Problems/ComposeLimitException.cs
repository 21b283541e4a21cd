using Portal.Compose.Nodes;

namespace Portal.Compose.Problems;

/// <summary>A bound of <see cref="Loading.ComposeLimits"/> is passed: whatever else is there is not looked at.</summary>
internal sealed class ComposeLimitException(Mark mark, string key, string message) : Exception(message)
{
    public Mark Mark { get; } = mark;

    public string Key { get; } = key;
}
