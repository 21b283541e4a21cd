namespace Portal.Engine.Linux.Networks.Firewall.Others;

/// <summary>
/// What a rule has loaded: four registers of sixteen bytes, or the same as sixteen of four (enum nft_registers). What was loaded side by
/// side can be read as one.
/// </summary>
internal sealed class FilterRegisters
{
    private const int First32 = 8;
    private const int Word = 4;
    private readonly Dictionary<int, byte[]?> _loaded = [];

    /// <summary>Puts bytes into a register; null when they are not known.</summary>
    public void Load(int register, byte[]? bytes) => _loaded[Place(register)] = bytes;

    /// <summary>What was loaded there; null when that is not known.</summary>
    public byte[]? Of(int register) => _loaded.GetValueOrDefault(Place(register));

    /// <summary>So many bytes from there on; null when one of them is not known.</summary>
    public byte[]? Read(int register, int length)
    {
        var bytes = new List<byte>();
        var place = Place(register);
        while (bytes.Count < length)
        {
            if (_loaded.GetValueOrDefault(place + bytes.Count) is not { Length: > 0 } part)
            {
                return null;
            }

            bytes.AddRange(part);
            if (bytes.Count < length)
            {
                // The next field begins with a word of its own.
                bytes.AddRange(new byte[(Word - (part.Length % Word)) % Word]);
            }
        }

        return [.. bytes.Take(length)];
    }

    private static int Place(int register) => register < First32 ? (register - 1) * Word * Word : (register - First32) * Word;
}
