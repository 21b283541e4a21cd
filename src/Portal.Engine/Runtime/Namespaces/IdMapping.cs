using System.Text.Json.Serialization;

namespace Portal.Engine.Runtime.Namespaces;

/// <summary>
/// Which ids of the host stand for the ids in a container's user namespace (user_namespaces(7)). Two with the same ranges are equal.
/// </summary>
/// <param name="Users">Of users, by the ids inside.</param>
/// <param name="Groups">Of groups, by the ids inside.</param>
public sealed record IdMapping(IReadOnlyList<IdRange> Users, IReadOnlyList<IdRange> Groups)
{
    /// <summary>The kernel's id for whatever a mapping does not know (<c>/proc/sys/kernel/overflowuid</c>).</summary>
    public const uint Nobody = 65534;

    /// <summary>The user on the host who is root inside.</summary>
    [JsonIgnore]
    public uint RootUser => UserOnHost(0) ?? Nobody;

    /// <summary>The group on the host that is root's inside.</summary>
    [JsonIgnore]
    public uint RootGroup => GroupOnHost(0) ?? Nobody;

    /// <summary>Both.</summary>
    [JsonIgnore]
    public (uint User, uint Group) Root => (RootUser, RootGroup);

    /// <summary>The host's id of a user inside; null when it has none.</summary>
    public uint? UserOnHost(uint inside) => ToHost(Users, inside);

    /// <summary>The host's id of a group inside; null when it has none.</summary>
    public uint? GroupOnHost(uint inside) => ToHost(Groups, inside);

    /// <summary>What a user of the host is inside; null when nobody is.</summary>
    public uint? UserInside(uint onHost) => ToInside(Users, onHost);

    /// <summary>What a group of the host is inside; null when none is.</summary>
    public uint? GroupInside(uint onHost) => ToInside(Groups, onHost);

    /// <summary>True when both stand for the same ids.</summary>
    public bool Equals(IdMapping? other)
    {
        return other is not null && Users.SequenceEqual(other.Users) && Groups.SequenceEqual(other.Groups);
    }

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>All ranges in one line.</summary>
    public override string ToString() => $"uid {string.Join(' ', Users)} gid {string.Join(' ', Groups)}";

    private static uint? ToHost(IReadOnlyList<IdRange> ranges, uint inside)
    {
        foreach (var range in ranges)
        {
            if (inside >= range.Inside && inside - range.Inside < range.Count)
            {
                return range.Outside + (inside - range.Inside);
            }
        }

        return null;
    }

    private static uint? ToInside(IReadOnlyList<IdRange> ranges, uint onHost)
    {
        foreach (var range in ranges)
        {
            if (onHost >= range.Outside && onHost - range.Outside < range.Count)
            {
                return range.Inside + (onHost - range.Outside);
            }
        }

        return null;
    }
}
