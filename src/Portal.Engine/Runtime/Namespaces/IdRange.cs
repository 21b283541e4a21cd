namespace Portal.Engine.Runtime.Namespaces;

/// <summary>A run of ids and what stands for them on the host (user_namespaces(7), "User and group ID mappings").</summary>
/// <param name="Inside">The first id in the container.</param>
/// <param name="Outside">The first id on the host.</param>
/// <param name="Count">How many; at least one.</param>
public readonly record struct IdRange(uint Inside, uint Outside, uint Count)
{
    /// <summary>The line of <c>/proc/PID/uid_map</c> without its end.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture, $"{Inside}:{Outside}:{Count}");
}
