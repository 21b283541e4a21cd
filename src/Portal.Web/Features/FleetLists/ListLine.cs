namespace Portal.Web.Features.FleetLists;

/// <summary>A line of a list: a row, or the heading of the rows of a node.</summary>
/// <param name="Row">The row; null for a heading.</param>
/// <param name="Heading">The node's name; empty for a row.</param>
/// <param name="Count">How many rows follow a heading.</param>
/// <typeparam name="TRow">A row of the list.</typeparam>
public readonly record struct ListLine<TRow>(TRow? Row, string Heading = "", int Count = 0)
    where TRow : class;
