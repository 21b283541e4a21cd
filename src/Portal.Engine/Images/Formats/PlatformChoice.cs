using System.Runtime.InteropServices;
using Portal.Engine.Errors;

namespace Portal.Engine.Images.Formats;

/// <summary>Chooses from an index the image for a platform (image-spec, <c>image-index.md</c>).</summary>
internal static class PlatformChoice
{
    /// <summary>This host, in Go's words.</summary>
    public static ImagePlatform Host { get; } = RuntimeInformation.OSArchitecture switch
    {
        Architecture.X64 => new ImagePlatform("linux", "amd64"),
        Architecture.X86 => new ImagePlatform("linux", "386"),
        Architecture.Arm64 => new ImagePlatform("linux", "arm64", "v8"),
        Architecture.Arm => new ImagePlatform("linux", "arm", "v7"),
        Architecture.Ppc64le => new ImagePlatform("linux", "ppc64le"),
        Architecture.S390x => new ImagePlatform("linux", "s390x"),
        Architecture.RiscV64 => new ImagePlatform("linux", "riscv64"),
        var other => new ImagePlatform("linux", other.ToString().ToLowerInvariant()),
    };

    /// <exception cref="EngineException">NotFound: the index has nothing for the platform.</exception>
    public static Descriptor Choose(ManifestDocument index, ImagePlatform platform, string what)
    {
        var entries = index.Manifests ?? throw EngineException.InvalidArgument($"{what} is no index: it names no manifests.");
        var candidates = entries.Where(entry => Score(entry.Platform, platform) > 0).ToList();
        if (candidates.Count > 0)
        {
            return candidates.MaxBy(entry => Score(entry.Platform, platform))!;
        }

        // An index of one image that does not say for what it is: its configuration will.
        if (entries is [{ Platform: null } only])
        {
            return only;
        }

        var offered = entries
            .Where(entry => entry.Platform is { Os: not "unknown" })
            .Select(entry => Describe(entry.Platform!))
            .Distinct();
        throw EngineException.NotFound($"{what} has no image for {platform}. It has: {string.Join(", ", offered)}.");
    }

    /// <summary>True when an image for one platform was asked for and another one came.</summary>
    public static bool IsOther(ImagePlatform wanted, ImagePlatform actual)
    {
        var platform = new DescriptorPlatform { Os = actual.Os, Architecture = actual.Architecture, Variant = actual.Variant };
        return Score(platform, wanted) == 0;
    }

    private static int Score(DescriptorPlatform? offered, ImagePlatform wanted)
    {
        if (offered is null || offered.Os != wanted.Os || offered.Architecture != wanted.Architecture)
        {
            return 0;
        }

        var offeredVariant = Variant(offered.Variant, wanted.Architecture);
        var wantedVariant = Variant(wanted.Variant, wanted.Architecture);
        if (offeredVariant == wantedVariant)
        {
            return 100;
        }

        // A processor runs what was made for an earlier variant of it, later ones first: v7 before v6.
        var isEarlier = wantedVariant is not null
            && (offeredVariant is null || string.CompareOrdinal(offeredVariant, wantedVariant) < 0);
        return wantedVariant is null ? 1 : isEarlier ? 2 + (offeredVariant is [.., var digit] ? digit - '0' : 0) : 0;
    }

    private static string? Variant(string? variant, string architecture)
    {
        return string.IsNullOrEmpty(variant) ? (architecture == "arm64" ? "v8" : null) : variant;
    }

    private static string Describe(DescriptorPlatform platform) =>
        new ImagePlatform(platform.Os ?? "?", platform.Architecture ?? "?", platform.Variant).ToString();
}
