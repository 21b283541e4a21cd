namespace Portal.Web.Features.FleetLists;

/// <summary>A column of a list. Each can be sorted by.</summary>
/// <param name="Name">What it shows, and what the list is then sorted by.</param>
/// <param name="Title">Its header.</param>
/// <param name="Class">Of its cells: <c>p-wide</c> for what a narrow screen leaves out.</param>
/// <param name="Fixed">Whether it is always there.</param>
/// <typeparam name="TSort">The columns of the list.</typeparam>
public sealed record ListColumn<TSort>(TSort Name, string Title, string? Class = null, bool Fixed = false)
    where TSort : struct, Enum
{
    /// <summary>As the address and what is kept call it.</summary>
    public string Word { get; } = Name.ToString().ToLowerInvariant();
}
