using System.Collections.Immutable;

namespace Portal.Web.Features.FleetLists;

/// <summary>The columns of a list that a person wants to see.</summary>
/// <typeparam name="TSort">The columns of the list.</typeparam>
public sealed class ColumnSet<TSort>
    where TSort : struct, Enum
{
    private readonly ImmutableHashSet<TSort> _shown;

    /// <param name="all">Those that there are now, from left to right.</param>
    /// <param name="hidden">Those that are not wanted; what names no column of the list, or one that is always there, is left out.</param>
    public ColumnSet(IReadOnlyList<ListColumn<TSort>> all, IEnumerable<string> hidden)
    {
        All = all;
        var unwanted = hidden.ToHashSet(StringComparer.Ordinal);
        Shown = [.. all.Where(column => column.Fixed || !unwanted.Contains(column.Word))];
        _shown = [.. Shown.Select(column => column.Name)];
    }

    /// <summary>All that can be shown.</summary>
    public IReadOnlyList<ListColumn<TSort>> All { get; }

    /// <summary>Those that are shown.</summary>
    public IReadOnlyList<ListColumn<TSort>> Shown { get; }

    /// <summary>Whether rows have a cell for it: as the heads of the columns, not where there is no such column now.</summary>
    public bool Has(TSort name) => _shown.Contains(name);
}
