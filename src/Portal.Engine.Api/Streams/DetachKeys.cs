using Portal.Engine.Errors;

namespace Portal.Engine.Api.Streams;

/// <summary>
/// Finds the keys by which a user leaves a terminal without ending its program. Keys that begin the sequence are held back until it is clear
/// whether they complete it.
/// </summary>
/// <remarks>One per connection: it holds state between reads.</remarks>
internal sealed class DetachKeys
{
    private const int MaxKeys = 64;
    private readonly byte[] _keys;
    private int _matched;

    private DetachKeys(byte[] keys)
    {
        _keys = keys;
    }

    /// <summary>Reads Docker's notation: <c>ctrl-p,ctrl-q</c>, single characters, separated by commas. Empty means that default.</summary>
    public static DetachKeys Parse(string? notation)
    {
        if (string.IsNullOrEmpty(notation))
        {
            return new DetachKeys([16, 17]);
        }

        var parts = notation.Split(',');
        return parts.Length <= MaxKeys
            ? new DetachKeys([.. parts.Select(ParseKey)])
            : throw Invalid(notation);
    }

    /// <summary>Takes input and gives what goes to the process.</summary>
    /// <param name="input">What the client sent.</param>
    /// <param name="pass">Where the bytes for the process are put.</param>
    /// <returns>True when the sequence is complete: the rest of the input is nobody's.</returns>
    public bool Filter(ReadOnlySpan<byte> input, List<byte> pass)
    {
        foreach (var key in input)
        {
            if (key == _keys[_matched])
            {
                _matched++;
                if (_matched == _keys.Length)
                {
                    return true;
                }

                continue;
            }

            pass.AddRange(_keys.AsSpan(0, _matched));
            _matched = key == _keys[0] && _keys.Length > 1 ? 1 : 0;
            if (_matched == 0)
            {
                pass.Add(key);
            }
        }

        return false;
    }

    private static byte ParseKey(string key)
    {
        if (key.Length == 1 && char.IsAscii(key[0]))
        {
            return (byte)key[0];
        }

        return key.Length == 6 && key.StartsWith("ctrl-", StringComparison.Ordinal)
            ? (byte)(key[5] switch
            {
                >= 'a' and <= 'z' => key[5] - 'a' + 1,
                '@' => 0,
                '[' => 27,
                '\\' => 28,
                ']' => 29,
                '^' => 30,
                '_' => 31,
                _ => throw Invalid(key),
            })
            : throw Invalid(key);
    }

    private static EngineException Invalid(string notation)
    {
        return EngineException.InvalidArgument($"Invalid detach keys ({notation}): use single characters or 'ctrl-' and a letter or one of @[\\]^_");
    }
}
