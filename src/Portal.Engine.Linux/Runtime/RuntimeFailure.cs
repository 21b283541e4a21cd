using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Engine.Linux.Runtime;

/// <summary>
/// Makes an engine error of an OCI runtime's failure, in the shape that dockerd with containerd gives it: clients
/// look for texts in it, and
/// the stock CLI derives its exit codes 126 and 127 from them.
/// </summary>
internal static partial class RuntimeFailure
{
    private const int LogLimit = 64 * 1024;

    // The program or something that it needs is missing, is no program, or may not be run: the caller can mend it.
    private static readonly string[] s_callerFaults =
    [
        "executable file not found", "no such file or directory", "permission denied", "is a directory", "not a directory",
        "exec format error", "chdir to cwd", "error mounting", "mkdir cwd",
    ];

    private static readonly string[] s_stateFaults =
        ["cannot exec in a", "container not running", "is not running", "container has stopped"];

    public static EngineException OfCreate(string words)
    {
        return Make("failed to create task for container: failed to create shim task: OCI runtime create failed: ", words);
    }

    public static EngineException OfStart(string words) => Make("OCI runtime start failed: ", words);

    public static EngineException OfExec(string words) => Make("OCI runtime exec failed: ", words);

    public static EngineException Of(string step, string words) => Make($"OCI runtime {step} failed: ", words);

    /// <summary>The runtime's last error: from its log, if it kept one, else from what came over standard error.</summary>
    public static string FindWords(string? logPath, string standardError)
    {
        var lines = (logPath is null ? "" : ReadTail(logPath)).Split('\n').Concat(standardError.Split('\n')).Where(line => line.Trim().Length > 0);
        string? found = null;
        string? plain = null;
        foreach (var line in lines)
        {
            if (ReadMessage(line) is { } message)
            {
                found = message;
            }
            else if (!line.StartsWith('{'))
            {
                plain = line.Trim();
            }
        }

        return Normalize(found ?? plain ?? "the runtime gave no reason");
    }

    /// <summary>crun words some common errors unlike runc; clients know runc's words.</summary>
    internal static string Normalize(string words)
    {
        var missing = CrunMissing().Match(words);
        if (missing.Success)
        {
            var program = missing.Groups[1].Value;
            var reason = program.Contains('/') ? $"stat {program}: no such file or directory" : "executable file not found in $PATH";
            return $"crun: exec: \"{program}\": {reason}";
        }

        return words
            .Replace("No such file or directory", "no such file or directory", StringComparison.Ordinal)
            .Replace("Permission denied", "permission denied", StringComparison.Ordinal)

            // A folder in the place of a program.
            .Replace("open executable: Operation not permitted", "open executable: permission denied", StringComparison.Ordinal);
    }

    private static EngineException Make(string prefix, string words)
    {
        var kind = s_callerFaults.Any(words.Contains) ? EngineErrorKind.InvalidArgument
            : s_stateFaults.Any(words.Contains) ? EngineErrorKind.Conflict
            : EngineErrorKind.Internal;
        return new EngineException(kind, $"{prefix}{words}: unknown");
    }

    private static string? ReadMessage(string line)
    {
        if (line.StartsWith('{'))
        {
            try
            {
                using var document = JsonDocument.Parse(line);
                return document.RootElement.TryGetProperty("level", out var level) && level.GetString() is "error" or "fatal"
                    && document.RootElement.TryGetProperty("msg", out var message)
                    ? message.GetString()
                    : null;
            }
            catch (JsonException)
            {
                // A line cut short by a full disk: not one to report.
                return null;
            }
        }

        var match = LogrusError().Match(line);
        return match.Success ? Regex.Unescape(match.Groups[1].Value) : null;
    }

    private static string ReadTail(string path)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var length = RandomAccess.GetLength(file);
            var buffer = new byte[Math.Min(length, LogLimit)];
            var read = RandomAccess.Read(file, buffer, length - buffer.Length);
            return Encoding.UTF8.GetString(buffer, 0, read);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return "";
        }
    }

    [GeneratedRegex("level=(?:error|fatal) msg=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex LogrusError();

    [GeneratedRegex("executable file `(.*)` not found(?: in \\$PATH)?")]
    private static partial Regex CrunMissing();
}
