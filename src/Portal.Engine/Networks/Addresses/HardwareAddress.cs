using System.Globalization;
using System.Net;
using Portal.Engine.Errors;

namespace Portal.Engine.Networks.Addresses;

/// <summary>Ethernet addresses (MAC, IEEE 802): six bytes, written as pairs of hexadecimal digits with colons.</summary>
public static class HardwareAddress
{
    /// <summary>
    /// The address that an interface with an IP address gets, as in Docker: <c>02:42</c> and the last four bytes. An address that is
    /// used again after a container's end so keeps its neighbours' caches right.
    /// </summary>
    public static string FromAddress(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var bytes = address.GetAddressBytes()[^4..];
        return string.Create(CultureInfo.InvariantCulture, $"02:42:{bytes[0]:x2}:{bytes[1]:x2}:{bytes[2]:x2}:{bytes[3]:x2}");
    }

    /// <summary>The six bytes of a written address.</summary>
    /// <exception cref="EngineException">InvalidArgument: it is not one, is a group's, or is all zero.</exception>
    public static byte[] Parse(string text)
    {
        var bytes = new byte[6];
        var valid = text is { Length: 17 };
        for (var index = 0; valid && index < 6; index++)
        {
            var pair = text.AsSpan(index * 3, 2);
            valid = byte.TryParse(pair, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out bytes[index])
                && (index == 5 || text[(index * 3) + 2] == ':');
        }

        // The lowest bit of the first byte marks a group; an interface can't have one as its own.
        if (!valid || (bytes[0] & 1) != 0 || bytes.AsSpan().IndexOfAnyExcept((byte)0) < 0)
        {
            throw EngineException.InvalidArgument(
                $"invalid MAC address '{text}': six pairs of hexadecimal digits with colons, such as 02:42:ac:11:00:02, are needed.");
        }

        return bytes;
    }
}
