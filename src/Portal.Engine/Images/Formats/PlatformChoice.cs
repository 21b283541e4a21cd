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
        foreach (var suitable in Suitable(platform))
        {
            if (entries.FirstOrDefault(entry => entry.Platform is { } offered && Normalize(From(offered)) == suitable) is { } found)
            {
                return found;
            }
        }

        // An index of one image that does not say for what it is: its configuration will.
        if (entries is [{ Platform: null } only])
        {
            return only;
        }

        var offers = entries
            .Where(entry => entry.Platform is { Os: not "unknown" })
            .Select(entry => From(entry.Platform!).ToString())
            .Distinct();
        throw EngineException.NotFound($"{what} has no image for {platform}. It has: {string.Join(", ", offers)}.");
    }

    /// <summary>True when an image for one platform was asked for and another one came. Many configurations leave their variant out.</summary>
    public static bool IsOther(ImagePlatform wanted, ImagePlatform actual)
    {
        var normal = Normalize(actual);
        return !Suitable(wanted).Any(suitable => suitable == normal
            || (string.IsNullOrEmpty(actual.Variant) && suitable with { Variant = normal.Variant } == normal));
    }

    /// <summary>How well an image suits a platform: 0 is best. Images that don't suit it at all rank last, all the same.</summary>
    public static int Rank(ImagePlatform wanted, ImagePlatform actual)
    {
        var normal = Normalize(actual);
        var exact = Suitable(wanted).TakeWhile(suitable => suitable != normal).Count();
        return exact < Suitable(wanted).Count() ? exact : IsOther(wanted, actual) ? int.MaxValue : int.MaxValue - 1;
    }

    public static ImagePlatform From(DescriptorPlatform platform) =>
        new(platform.Os ?? "?", platform.Architecture ?? "?", string.IsNullOrEmpty(platform.Variant) ? null : platform.Variant);

    /// <summary>What runs on a platform, the best first (containerd, <c>platforms.Only</c>): earlier variants of its processor, and the
    /// processor whose programs it runs as well.</summary>
    private static IEnumerable<ImagePlatform> Suitable(ImagePlatform wanted)
    {
        var own = Normalize(wanted);
        yield return own;
        var newest = own.Variant is ['v', var digit] && char.IsAsciiDigit(digit) ? digit - '0' : own.Architecture == "arm64" ? 8 : 1;
        var oldest = own.Architecture switch { "arm" => 5, "arm64" => 8, "amd64" => 1, _ => newest };
        for (var variant = newest - 1; variant >= oldest; variant--)
        {
            yield return Normalize(own with { Variant = $"v{variant}" });
        }

        switch (own.Architecture)
        {
            case "amd64":
                yield return new ImagePlatform(own.Os, "386");
                break;
            case "arm64":
                for (var variant = 8; variant >= 5; variant--)
                {
                    yield return new ImagePlatform(own.Os, "arm", $"v{variant}");
                }

                break;
        }
    }

    /// <summary>Different ways to say the same made one (containerd, <c>platforms.Normalize</c>): a variant that goes without saying is left
    /// out, and one that is always meant is written.</summary>
    private static ImagePlatform Normalize(ImagePlatform platform)
    {
        var variant = platform.Variant?.ToLowerInvariant() is { Length: > 0 } text ? text : null;
        var (architecture, normal) = (platform.Architecture.ToLowerInvariant(), variant) switch
        {
            ("x86_64" or "x86-64" or "amd64", null or "v1") => ("amd64", null),
            ("x86_64" or "x86-64", _) => ("amd64", variant),
            ("i386", _) => ("386", null),
            ("aarch64" or "arm64", null or "8" or "v8") => ("arm64", null),
            ("aarch64", _) => ("arm64", variant),
            ("armhf", _) => ("arm", "v7"),
            ("armel", _) => ("arm", "v6"),
            ("arm", null or "7") => ("arm", "v7"),
            ("arm", "5" or "6" or "8") => ("arm", "v" + variant),
            (var other, _) => (other, variant),
        };
        return new ImagePlatform(platform.Os.ToLowerInvariant(), architecture, normal);
    }
}
