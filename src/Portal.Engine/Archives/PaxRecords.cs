using System.Globalization;
using System.Text;

namespace Portal.Engine.Archives;

/// <summary>The records of a pax extended header (POSIX pax, "pax Extended Header"): <c>LENGTH KEY=VALUE\n</c>.</summary>
internal sealed class PaxRecords
{
    private const string XattrPrefix = "SCHILY.xattr.";
    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);
    private readonly List<(string Key, byte[] Value)> _sparse = [];

    public IReadOnlyList<(string Key, byte[] Value)> SparseRuns => _sparse;

    public bool IsEmpty => _values.Count == 0;

    public void Parse(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            var blank = content.IndexOf((byte)' ');
            if (blank is < 1 or > 10 || !int.TryParse(content[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || length > content.Length || length < blank + 3 || content[length - 1] != '\n')
            {
                throw new TarFormatException("an extended header is malformed");
            }

            Add(content[(blank + 1)..(length - 1)]);
            content = content[length..];
        }
    }

    public byte[]? Get(string key) => _values.GetValueOrDefault(key);

    /// <summary>A path-like value, which must hold no NUL.</summary>
    public byte[]? GetPath(string key)
    {
        var value = Get(key);
        return value is not null && value.Contains((byte)0) ? throw Malformed(key) : value;
    }

    public long? GetNumber(string key)
    {
        var value = Get(key);
        if (value is null)
        {
            return null;
        }

        return long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Malformed(key);
    }

    /// <summary>A time as decimal seconds with a fraction, rounded down to nanoseconds.</summary>
    public (long Seconds, int Nanoseconds)? GetTime(string key)
    {
        var value = Get(key);
        if (value is null)
        {
            return null;
        }

        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (value.Length > 40 || !decimal.TryParse(value, Style, CultureInfo.InvariantCulture, out var time)
            || Math.Abs(time) > 1L << 40)
        {
            throw Malformed(key);
        }

        var seconds = Math.Floor(time);
        return ((long)seconds, (int)((time - seconds) * 1_000_000_000));
    }

    public Dictionary<string, byte[]> GetExtendedAttributes()
    {
        return _values
            .Where(record => record.Key.StartsWith(XattrPrefix, StringComparison.Ordinal))
            .ToDictionary(record => record.Key[XattrPrefix.Length..], record => record.Value, StringComparer.Ordinal);
    }

    internal static TarFormatException Malformed(string key) => new($"the extended header '{key}' is malformed");

    private void Add(ReadOnlySpan<byte> record)
    {
        var equals = record.IndexOf((byte)'=');
        if (equals < 1)
        {
            throw new TarFormatException("an extended header is malformed");
        }

        var key = Encoding.UTF8.GetString(record[..equals]);
        var value = record[(equals + 1)..].ToArray();
        if (key is "GNU.sparse.offset" or "GNU.sparse.numbytes")
        {
            // Repeated keys: their order is their meaning.
            _sparse.Add((key, value));
        }
        else if (value.Length == 0 && !key.StartsWith(XattrPrefix, StringComparison.Ordinal))
        {
            _values.Remove(key);
        }
        else
        {
            _values[key] = value;
        }
    }
}
