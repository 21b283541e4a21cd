namespace Portal.Data.Entities.Lists;

/// <summary>How somebody likes to see a list of the fleet, by a name.</summary>
public sealed class SavedView
{
    public Guid Id { get; set; }

    /// <summary><c>containers</c>, <c>images</c>, <c>volumes</c> or <c>networks</c>.</summary>
    public string List { get; set; } = "";

    public string Name { get; set; } = "";

    public Guid OwnerId { get; set; }

    /// <summary>The team that sees it too; null for its owner alone.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>Search, filters, sort and grouping: what stands behind the question mark of the page's address.</summary>
    public string Query { get; set; } = "";

    /// <summary>Words of the columns that are not shown.</summary>
    public string[] Hidden { get; set; } = [];

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ChangedAt { get; set; }
}
