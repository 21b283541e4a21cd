using System.Collections.Immutable;

namespace Portal.Web.Features.FleetLists;

/// <summary>The columns of a list that a person wants to see.</summary>
/// <typeparam name="TSort">The columns of the list.</typeparam>
public sealed class ColumnSet<TSort>
    where TSort : struct, Enum
{
    private readonly ImmutableHashSet<TSort> _hidden;

    /// <param name="all">Those that there are now, from left to right.</param>
    /// <param name="hidden">Those that are not wanted; what names no column of the list, or one that is always there, is left out.</param>
    public ColumnSet(IReadOnlyList<ListColumn<TSort>> all, IEnumerable<string> hidden)
    {
        All = all;
        _hidden = [.. all.Where(column => !column.Fixed).IntersectBy(hidden, column => column.Word).Select(column => column.Name)];
        Shown = [.. all.Where(column => !_hidden.Contains(column.Name))];
    }

    /// <summary>All that can be shown.</summary>
    public IReadOnlyList<ListColumn<TSort>> All { get; }

    /// <summary>Those that are shown.</summary>
    public IReadOnlyList<ListColumn<TSort>> Shown { get; }

    public bool Has(TSort name) => !_hidden.Contains(name);
}
