using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Contracts.Containers.V1;

namespace Portal.Web.Features.Containers.Create;

/// <summary>Entries of the form's texts, one a line, in Docker's short forms.</summary>
internal static partial class SettingLines
{
    private const int Mebibyte = 1024 * 1024;

    public static IEnumerable<string> Of(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public static IEnumerable<string> Words(string text) =>
        text.Split([' ', ',', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary><c>NAME=VALUE</c>, or <c>NAME</c> alone.</summary>
    public static (string Name, string Value) Pair(string line)
    {
        var parts = line.Split('=', 2);
        return (parts[0].Trim(), parts.Length == 2 ? parts[1] : "");
    }

    /// <summary><c>name:/path[:ro]</c>; null when it is none.</summary>
    public static Mount? Volume(string line)
    {
        var parts = line.Split(':');
        return parts.Length is 2 or 3
            && VolumeName().IsMatch(parts[0])
            && parts[1].StartsWith('/')
            && (parts.Length == 2 || parts[2] is "ro" or "rw")
            ? new Mount { Type = "volume", Source = parts[0], Target = parts[1], ReadOnly = parts is [.., "ro"] }
            : null;
    }

    /// <summary><c>/path[:MiB]</c>; null when it is none.</summary>
    public static Mount? Tmpfs(string line)
    {
        var parts = line.Split(':');
        long size = 0;
        return parts.Length is 1 or 2 && parts[0].StartsWith('/')
            && (parts.Length == 1
                || (long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out size) && size is >= 1 and <= 1 << 24))
            ? new Mount { Type = "tmpfs", Target = parts[0], SizeBytes = size * Mebibyte }
            : null;
    }

    /// <summary><c>name=soft[:hard]</c>; null when it is none.</summary>
    public static Ulimit? Ulimit(string line)
    {
        var (name, value) = Pair(line);
        var numbers = value.Split(':');
        return name.Length > 0 && numbers.Length <= 2 && TryLimit(numbers[0], out var soft) && TryLimit(numbers[^1], out var hard)
            ? new Ulimit { Name = name, Soft = soft, Hard = hard }
            : null;
    }

    /// <summary><c>/host[:/inside[:rwm]]</c>; null when it is none.</summary>
    public static DeviceMapping? Device(string line)
    {
        var parts = line.Split(':');
        var permissions = parts.Length == 3 ? parts[2] : "";
        return parts.Length <= 3 && parts[0].StartsWith('/') && (parts.Length == 1 || parts[1].StartsWith('/'))
            && permissions.Length <= 3 && permissions.All(letter => letter is 'r' or 'w' or 'm')
            ? new DeviceMapping { PathOnHost = parts[0], PathInContainer = parts.Length > 1 ? parts[1] : "", Permissions = permissions }
            : null;
    }

    /// <summary>A device of the Container Device Interface: <c>vendor.com/class=name</c>.</summary>
    public static bool IsCdiName(string line) => CdiName().IsMatch(line);

    /// <summary><c>name:address</c> or <c>name:host-gateway</c>.</summary>
    public static bool IsHost(string line)
    {
        var separator = line.IndexOf(':', StringComparison.Ordinal);
        return separator > 0
            && !line[..separator].Any(char.IsWhiteSpace)
            && (line[(separator + 1)..] == "host-gateway" || System.Net.IPAddress.TryParse(line.AsSpan(separator + 1), out _));
    }

    private static bool TryLimit(string text, out long limit) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out limit) && limit >= -1;

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]+\z")]
    private static partial Regex VolumeName();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_.-]*/[A-Za-z][A-Za-z0-9_-]*=[A-Za-z0-9][A-Za-z0-9_.:-]*\z")]
    private static partial Regex CdiName();
}
