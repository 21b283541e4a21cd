using System.Globalization;

namespace Portal.Engine.Archives;

/// <summary>Builds and checks the segments of a sparse file, which GNU tar writes in four ways (GNU tar manual,
/// "Storing Sparse Files").</summary>
internal static class SparseMap
{
    public const int MaxSegments = 1_000_000;

    /// <summary>pax formats 0.0 (repeated keys) and 0.1 (one comma-separated key); null when the records hold neither.</summary>
    public static List<TarSegment>? FromRecords(PaxRecords records)
    {
        if (records.Get("GNU.sparse.map") is { } map)
        {
            return Pair([.. System.Text.Encoding.ASCII.GetString(map).Split(',').Select(text => Number(text, "GNU.sparse.map"))]);
        }

        if (records.SparseRuns.Count == 0)
        {
            return null;
        }

        for (var i = 0; i < records.SparseRuns.Count; i++)
        {
            if (records.SparseRuns[i].Key != (i % 2 == 0 ? "GNU.sparse.offset" : "GNU.sparse.numbytes"))
            {
                throw PaxRecords.Malformed("GNU.sparse");
            }
        }

        return Pair([.. records.SparseRuns.Select(run =>
            Number(System.Text.Encoding.ASCII.GetString(run.Value), run.Key))]);
    }

    /// <summary>The four entries of an old GNU header, or the 21 of a block that continues it.</summary>
    public static void AddOldGnu(List<TarSegment> segments, ReadOnlySpan<byte> area, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var slot = area.Slice(i * 24, 24);
            if (slot[0] == 0)
            {
                return;
            }

            segments.Add(new TarSegment(
                TarHeader.ParseNumber(slot[..12], "sparse map"), TarHeader.ParseNumber(slot[12..], "sparse map")));
        }
    }

    /// <summary>Ascending, without overlap, within the file, together as long as the data that follows.</summary>
    public static void Check(IReadOnlyList<TarSegment> segments, long fileSize, long dataSize)
    {
        long end = 0;
        long sum = 0;
        foreach (var segment in segments)
        {
            if (segment.Offset < end || segment.Length < 0 || segment.Offset > fileSize
                || segment.Length > fileSize - segment.Offset)
            {
                throw new TarFormatException("a sparse file's map is out of order or out of range");
            }

            end = segment.Offset + segment.Length;
            sum += segment.Length;
        }

        if (sum != dataSize)
        {
            throw new TarFormatException("a sparse file's map does not match its data");
        }
    }

    public static List<TarSegment> Pair(IReadOnlyList<long> numbers)
    {
        if (numbers.Count % 2 != 0 || numbers.Count / 2 > MaxSegments)
        {
            throw new TarFormatException("a sparse file's map is malformed");
        }

        var segments = new List<TarSegment>(numbers.Count / 2);
        for (var i = 0; i < numbers.Count; i += 2)
        {
            segments.Add(new TarSegment(numbers[i], numbers[i + 1]));
        }

        return segments;
    }

    private static long Number(string text, string key)
    {
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw PaxRecords.Malformed(key);
    }
}
