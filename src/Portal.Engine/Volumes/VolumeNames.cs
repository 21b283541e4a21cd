using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Portal.Engine.Volumes;

/// <summary>Names of volumes, which become names of folders.</summary>
internal static partial class VolumeNames
{
    public static bool IsValid(string name) => Form().IsMatch(name);

    /// <summary>Docker's words about a bad name.</summary>
    public static string Problem(string name)
    {
        return name.Length == 1
            ? "volume name is too short, names should be at least two alphanumeric characters"
            : $"\"{name}\" includes invalid characters for a local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\" "
            + "are allowed. If you intended to pass a host directory, use absolute path";
    }

    /// <summary>A name for a volume that nobody named.</summary>
    public static string Next() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}\z")]
    private static partial Regex Form();
}
