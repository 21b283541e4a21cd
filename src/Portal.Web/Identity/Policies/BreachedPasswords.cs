using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Web.Configuration;

namespace Portal.Web.Identity.Policies;

/// <summary>
/// Looks passwords up in a local file of SHA-1 hashes, sorted, one a line, as <c>HASH</c> or <c>HASH:COUNT</c> (the form in which "Have I Been Pwned"
/// gives them out). A search by halves: a file of any size costs some forty short reads and no memory, and nothing leaves the machine.
/// </summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class BreachedPasswords(IOptions<PortalOptions> options, ILogger<BreachedPasswords> logger)
{
    private const int HashLength = 40;
    private const int MostLine = 128;

    public bool Contains(string password)
    {
        if (options.Value.BreachedPasswords is not { } path)
        {
            return false;
        }

        try
        {
            using var file = File.OpenHandle(path, options: FileOptions.RandomAccess);
#pragma warning disable CA5350 // The lists are of SHA-1; it protects nothing here.
            var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password)));
#pragma warning restore CA5350
            return Find(file, hash);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A list that can't be read must not keep people from changing a password.
            LogUnreadable(failure, path);
            return false;
        }
    }

    private static bool Find(Microsoft.Win32.SafeHandles.SafeFileHandle file, string hash)
    {
        // The line that is looked for begins in [low, high), if anywhere.
        long low = 0, high = RandomAccess.GetLength(file);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            if (ReadLine(file, middle, low) is not (var start, var end, var text) || start >= high)
            {
                high = middle;
                continue;
            }

            var order = string.Compare(text, hash, StringComparison.OrdinalIgnoreCase);
            if (order == 0)
            {
                return true;
            }

            (low, high) = order < 0 ? (end, high) : (low, middle);
        }

        return false;
    }

    // The first line that begins at or after the position; the one at the lower bound begins there.
    private static (long Start, long End, string Text)? ReadLine(Microsoft.Win32.SafeHandles.SafeFileHandle file, long position, long low)
    {
        Span<byte> buffer = stackalloc byte[2 * MostLine];
        var from = position == low ? position : position - 1;
        var read = buffer[..RandomAccess.Read(file, buffer, from)];
        var begin = position == low ? 0 : read.IndexOf((byte)'\n') + 1;
        if (begin >= read.Length || (position != low && begin == 0))
        {
            return null;
        }

        var line = read[begin..];
        var length = line.IndexOf((byte)'\n');
        var text = Encoding.ASCII.GetString(line[..Math.Min(HashLength, length < 0 ? line.Length : length)]);
        return (from + begin, from + begin + (length < 0 ? line.Length : length + 1), text);
    }

    [LoggerMessage(2040, LogLevel.Error, "Can't read the list of breached passwords '{Path}'; passwords are taken without it")]
    private partial void LogUnreadable(Exception failure, string path);
}
