using System.Text.RegularExpressions;
using Portal.Engine.Errors;

namespace Portal.Agent.Upgrades;

/// <summary>A version that the portal wants to bring.</summary>
/// <param name="Id">The portal's name for this upgrade: its end is told with it.</param>
/// <param name="Build">What the version was built from; its file <c>BUILD</c> says the same.</param>
/// <param name="Sha256">Of the archive, in lower-case hexadecimal digits.</param>
/// <param name="Size">The archive's bytes.</param>
internal sealed partial record OfferedVersion(Guid Id, string Build, string Sha256, long Size)
{
    /// <summary>An archive has some 60 MB.</summary>
    public const long LargestSize = 512L * 1024 * 1024;

    /// <summary>Refuses what is none. Builds and digests become names of folders and lines of files.</summary>
    /// <exception cref="EngineException">Invalid argument: what is wrong with it.</exception>
    public OfferedVersion Check()
    {
        return Id == Guid.Empty ? throw EngineException.InvalidArgument("The upgrade has no id.")
            : !Builds().IsMatch(Build) ? throw EngineException.InvalidArgument(
                "The version's build is none: letters, digits and .+~- alone.")
            : !Digests().IsMatch(Sha256) ? throw EngineException.InvalidArgument("The archive's digest is no SHA-256.")
            : Size is < 1 or > LargestSize ? throw EngineException.InvalidArgument(
                $"The archive has {Size} bytes; one has at most {LargestSize}.")
            : this;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.+~-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Builds();

    [GeneratedRegex("^[0-9a-f]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Digests();
}
