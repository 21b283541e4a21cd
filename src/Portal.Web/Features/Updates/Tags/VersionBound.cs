namespace Portal.Web.Features.Updates.Tags;

/// <summary>One side of a range.</summary>
/// <param name="Sign"><c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> or <c>=</c>.</param>
/// <param name="Version">Where it is.</param>
internal sealed record VersionBound(string Sign, SemanticVersion Version)
{
    public bool Holds(SemanticVersion version)
    {
        var order = version.CompareTo(Version);
        return Sign switch
        {
            "<" => order < 0,
            "<=" => order <= 0,
            ">" => order > 0,
            ">=" => order >= 0,
            _ => order == 0,
        };
    }
}
