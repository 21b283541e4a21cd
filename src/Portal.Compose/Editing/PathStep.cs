namespace Portal.Compose.Editing;

/// <summary>One step on the way to a value: a key of a mapping, or the number of an item in a list.</summary>
/// <param name="Key">Null for an item.</param>
/// <param name="Index">From 0; of an item.</param>
public readonly record struct PathStep(string? Key, int Index)
{
    public static implicit operator PathStep(string key) => new(key, 0);

    public static implicit operator PathStep(int index) => new(null, index);
}
