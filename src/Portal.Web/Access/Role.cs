using System.Collections.Frozen;

namespace Portal.Web.Access;

/// <summary>A named set of permissions.</summary>
/// <param name="Name">For people.</param>
/// <param name="Description">For whoever chooses one.</param>
/// <param name="Permissions">What it allows.</param>
/// <param name="Id">The id of one that somebody made; null for a built-in one.</param>
public sealed record Role(string Name, string Description, FrozenSet<string> Permissions, Guid? Id = null)
{
    /// <summary>As grants refer to it: the name of a built-in role, the id of any other.</summary>
    public string Key => Id?.ToString() ?? Name;

    /// <summary>As pages call it: a built-in one in the reader's language, any other as it was named.</summary>
    public string Title => Id is null ? T(Name) : Name;

    /// <summary>The description as pages show it.</summary>
    public string Summary => Id is null ? T(Description) : Description;

    /// <summary>The same role that allows the same, however often it was read.</summary>
    public bool Equals(Role? other) => other is not null && Key == other.Key && Permissions.SetEquals(other.Permissions);

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);
}
