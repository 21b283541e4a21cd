namespace Portal.Contracts.Policies;

/// <summary>A folder or file of the host that may be mounted, with all below it.</summary>
/// <param name="Path">Absolute; <c>/data</c> covers <c>/data/shop</c>, not <c>/database</c>.</param>
/// <param name="Writable">Whether it may be mounted writable; read-only it may be in any case.</param>
public sealed record HostPathRule(string Path, bool Writable = false)
{
    /// <summary>As messages show it.</summary>
    public override string ToString() => Writable ? $"'{Path}'" : $"'{Path}' (read-only)";
}
