using System.Numerics;

namespace Portal.Web.Features.Updates.Tags;

/// <summary>What tags are ordered by: one of its parts, as the order says.</summary>
internal sealed record TagKey(SemanticVersion? Version, BigInteger Number, string Text) : IComparable<TagKey>
{
    public int CompareTo(TagKey? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Version?.CompareTo(other.Version) ?? 0;
        order = order != 0 ? order : Number.CompareTo(other.Number);
        return order != 0 ? order : string.CompareOrdinal(Text, other.Text);
    }
}
