using System.Globalization;
using Portal.Engine.Runtime.Namespaces;

namespace Portal.Engine.Containers.Users;

/// <summary>
/// What <c>--userns</c> asks for: empty for the engine's setting, <c>host</c> for the host's ids, and, beyond Docker, <c>auto</c> with a
/// comma-separated list of <c>size=N</c>, or of <c>uidmapping=INSIDE:HOST:COUNT</c> and <c>gidmapping=...</c>, as podman's.
/// </summary>
/// <param name="IsHost">The host's own ids.</param>
/// <param name="IsAuto">A range that no other container has, or the given mapping.</param>
/// <param name="Size">How many ids the range has.</param>
/// <param name="Mapping">The mapping that is given; null to find one.</param>
internal sealed record UsernsMode(bool IsHost = false, bool IsAuto = false, uint Size = UsernsMode.DefaultSize, IdMapping? Mapping = null)
{
    /// <summary>What one range of /etc/subuid has by default (subuid(5)), and every Unix system's ids.</summary>
    public const uint DefaultSize = 65536;

    // The kernel takes no more (user_namespaces(7)).
    private const int MostRanges = 340;

    // The last one stands for "none" in system calls, and the one before is where new files of the engine go.
    private const ulong MostIds = uint.MaxValue - 2;

    /// <summary>Null when it is none of these.</summary>
    public static UsernsMode? Parse(string text) => text switch
    {
        "" => new UsernsMode(),
        "host" => new UsernsMode(IsHost: true),
        "auto" => new UsernsMode(IsAuto: true),
        _ => text.StartsWith("auto:", StringComparison.Ordinal) ? ParseAuto(text["auto:".Length..]) : null,
    };

    private static UsernsMode? ParseAuto(string options)
    {
        uint? size = null;
        var users = new List<IdRange>();
        var groups = new List<IdRange>();
        foreach (var option in options.Split(','))
        {
            var parts = option.Split('=', 2);
            var value = parts.Length == 2 ? parts[1] : "";
            switch (parts[0])
            {
                case "size" when size is null && TryNumber(value, out var number) && number > 0:
                    size = number;
                    break;
                case "uidmapping" when ParseRange(value) is { } range:
                    users.Add(range);
                    break;
                case "gidmapping" when ParseRange(value) is { } range:
                    groups.Add(range);
                    break;
                default:
                    return null;
            }
        }

        if (users.Count + groups.Count == 0)
        {
            return new UsernsMode(IsAuto: true, Size: size ?? DefaultSize);
        }

        // One list stands for both, as with newuidmap's callers.
        var mapping = new IdMapping(
            users.Count > 0 ? users : groups,
            groups.Count > 0 ? groups : users);
        return size is null && IsWhole(mapping.Users) && IsWhole(mapping.Groups)
            ? new UsernsMode(IsAuto: true, Mapping: mapping)
            : null;
    }

    /// <summary>True for a mapping that the kernel takes and in which there is a root.</summary>
    private static bool IsWhole(IReadOnlyList<IdRange> ranges)
    {
        return ranges.Count <= MostRanges
            && ranges.Any(range => range.Inside == 0)
            && !Overlap(ranges, range => range.Inside)
            && !Overlap(ranges, range => range.Outside);
    }

    private static bool Overlap(IReadOnlyList<IdRange> ranges, Func<IdRange, uint> start)
    {
        var sorted = ranges.OrderBy(start).ToList();
        return sorted.Zip(sorted.Skip(1)).Any(pair => (ulong)start(pair.First) + pair.First.Count > start(pair.Second));
    }

    private static IdRange? ParseRange(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 3
            && TryNumber(parts[0], out var inside) && TryNumber(parts[1], out var outside) && TryNumber(parts[2], out var count)
            && count > 0 && (ulong)inside + count <= MostIds && (ulong)outside + count <= MostIds
            ? new IdRange(inside, outside, count)
            : null;
    }

    private static bool TryNumber(string text, out uint number) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
