namespace Portal.Engine.Containers.Mounts;

/// <summary>The third part of <c>-v SOURCE:TARGET:MODE</c>.</summary>
internal static class BindMode
{
    private static readonly string[] s_access = ["ro", "rw"];
    private static readonly string[] s_labels = ["z", "Z"];
    private static readonly string[] s_consistency = ["consistent", "cached", "delegated", "default"];

    /// <summary>True when each word is known, and no two of a kind contradict each other.</summary>
    public static bool IsValid(string mode)
    {
        var words = mode.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return words.All(IsKnown)
            && words.Count(s_access.Contains) <= 1
            && words.Count(s_labels.Contains) <= 1
            && words.Count(s_consistency.Contains) <= 1
            && words.Count(Propagation.IsKnown) <= 1;
    }

    private static bool IsKnown(string word)
    {
        return word == "nocopy" || s_access.Contains(word) || s_labels.Contains(word) || s_consistency.Contains(word)
            || Propagation.IsKnown(word);
    }
}
