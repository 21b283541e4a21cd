namespace Portal.Engine.Containers.Networking;

/// <summary>Docker's filters of labels.</summary>
internal static class LabelMatch
{
    /// <param name="labels">What an object has.</param>
    /// <param name="wanted"><c>key</c>, or <c>key=value</c>.</param>
    public static bool IsIn(IReadOnlyDictionary<string, string> labels, string wanted)
    {
        var equals = wanted.IndexOf('=', StringComparison.Ordinal);
        return equals < 0
            ? labels.ContainsKey(wanted)
            : labels.TryGetValue(wanted[..equals], out var value) && value == wanted[(equals + 1)..];
    }
}
