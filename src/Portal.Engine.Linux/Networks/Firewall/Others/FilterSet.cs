using System.Buffers.Binary;

namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>A set or map that rules of nf_tables look things up in, named or within a rule.</summary>
/// <param name="KeyLength">Bytes of a key.</param>
/// <param name="IsOfRanges">True when elements are ranges.</param>
/// <param name="Elements">What is in it.</param>
internal sealed record FilterSet(int KeyLength, bool IsOfRanges, List<FilterElement> Elements)
{
    private const int Word = 4;

    /// <summary>The element that holds the key; null when there is none.</summary>
    public FilterElement? Find(ReadOnlySpan<byte> key)
    {
        FilterElement? nearest = null;
        FilterElement? rest = null;
        foreach (var element in Elements)
        {
            if (element.IsForAll)
            {
                rest = element;
            }
            else if (element.Last.Length > 0 ? IsWithin(key, element) : !IsOfRanges && key.SequenceEqual(element.Key))
            {
                return element;
            }
            else if (IsOfRanges && element.Last.Length == 0 && IsNearer(key, element, nearest))
            {
                nearest = element;
            }
        }

        return nearest is { IsEnd: false } ? nearest : rest;
    }

    /// <summary>
    /// Ranges are beginnings and ends, and a key is in one when a beginning comes before it last. Where one range ends and the next
    /// begins, it is in the next.
    /// </summary>
    private static bool IsNearer(ReadOnlySpan<byte> key, FilterElement element, FilterElement? nearest)
    {
        if (element.Key.AsSpan().SequenceCompareTo(key) > 0)
        {
            return false;
        }

        var order = nearest is null ? 1 : element.Key.AsSpan().SequenceCompareTo(nearest.Key);
        return order > 0 || (order == 0 && !element.IsEnd);
    }

    /// <summary>By words of four bytes, of which fields are made: a field that is longer is hardly ever a range.</summary>
    private static bool IsWithin(ReadOnlySpan<byte> key, FilterElement element)
    {
        if (key.Length != element.Key.Length || key.Length != element.Last.Length || key.Length % Word != 0)
        {
            return false;
        }

        for (var at = 0; at < key.Length; at += Word)
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(key[at..]);
            if (value < BinaryPrimitives.ReadUInt32BigEndian(element.Key.AsSpan(at))
                || value > BinaryPrimitives.ReadUInt32BigEndian(element.Last.AsSpan(at)))
            {
                return false;
            }
        }

        return true;
    }
}
