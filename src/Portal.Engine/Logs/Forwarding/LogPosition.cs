using System.Globalization;
using System.Text;
using Portal.Engine.Storage;

namespace Portal.Engine.Logs.Forwarding;

/// <summary>How far a log was sent: a file of the chain and a place in it.</summary>
/// <param name="Number">The file's number.</param>
/// <param name="Offset">Bytes of it that were sent.</param>
internal readonly record struct LogPosition(int Number, long Offset)
{
    /// <summary>Reads what <see cref="Save"/> wrote; null when there is none, or none that can be read.</summary>
    public static LogPosition? Load(string path)
    {
        try
        {
            var parts = File.ReadAllText(path).Split(' ', '\n');
            return parts.Length >= 2
                && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
                ? new LogPosition(number, offset)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Save(string path, IDurableFiles files)
    {
        var text = FormattableString.Invariant($"{Number} {Offset}\n");
        files.WriteAtomically(path, Encoding.ASCII.GetBytes(text), durable: false);
    }
}
