namespace Portal.Engine.Containers.Networking;

/// <summary>
/// Docker's filters of a list of networks. All conditions must hold; an empty list is none; within a list any may hold, but for
/// labels, which all must.
/// </summary>
public sealed record NetworkFilter
{
    /// <summary>Parts of names.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Beginnings of ids.</summary>
    public IReadOnlyList<string> Ids { get; init; } = [];

    /// <summary>Drivers.</summary>
    public IReadOnlyList<string> Drivers { get; init; } = [];

    /// <summary>Labels: <c>key</c> or <c>key=value</c>.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>True: only those made by users; false: only those that are always there.</summary>
    public bool? IsCustom { get; init; }

    /// <summary>True: only those made by users that no running container is on; false: only the others.</summary>
    public bool? IsDangling { get; init; }

    internal bool Allows(NetworkListing listing)
    {
        var network = listing.Network;
        return Any(Names, name => network.Name.Contains(name, StringComparison.Ordinal))
            && Any(Ids, id => network.Id.StartsWith(id, StringComparison.Ordinal))
            && Any(Drivers, driver => network.Driver == driver)
            && Labels.All(label => LabelMatch.IsIn(network.Labels, label))
            && (IsCustom is null || IsCustom == !network.IsPredefined)
            && (IsDangling is null || IsDangling == listing.IsDangling);
    }

    private static bool Any(IReadOnlyList<string> values, Func<string, bool> fits) => values.Count == 0 || values.Any(fits);
}
