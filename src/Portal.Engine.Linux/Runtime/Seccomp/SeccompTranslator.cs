using System.Runtime.InteropServices;
using System.Text.Json;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>
/// Makes the OCI form of a seccomp profile for one container on this host: decides the conditions, drops what they
/// exclude.
/// </summary>
internal static class SeccompTranslator
{
    // A profile is some tens of kilobytes; a request that carries more means harm.
    private const int MaximumProfileLength = 1 << 20;
    private const string X32 = "SCMP_ARCH_X32";

    private static readonly Lazy<SeccompProfile> s_default = new(ReadDefault);

    /// <summary>The profile that holds unless the user names another.</summary>
    public static SeccompProfile Default => s_default.Value;

    /// <summary>Reads a user's profile.</summary>
    /// <exception cref="EngineException">InvalidArgument: it is no profile.</exception>
    public static SeccompProfile Parse(string json)
    {
        if (json.Length > MaximumProfileLength)
        {
            throw EngineException.InvalidArgument("The seccomp profile is larger than 1 MiB.");
        }

        try
        {
            var profile = JsonSerializer.Deserialize(json, OciJson.Default.SeccompProfile);
            return Ambiguity(profile) is { } problem ? throw EngineException.InvalidArgument(problem)
                : profile is { DefaultAction.Length: > 0 }
                ? profile
                : throw EngineException.InvalidArgument("Decoding the seccomp profile failed: it has no defaultAction.");
        }
        catch (JsonException exception)
        {
            throw new EngineException(
                EngineErrorKind.InvalidArgument, "Decoding the seccomp profile failed: it is not valid JSON of that form.", exception);
        }
    }

    // Docker's words.
    private static string? Ambiguity(SeccompProfile? profile) =>
        profile is { Architectures.Count: > 0, ArchMap.Count: > 0 }
            ? "'architectures' and 'archMap' were specified in the seccomp profile, use either 'architectures' or 'archMap'"
        : profile?.Syscalls?.Any(rule => rule is { Name.Length: > 0, Names.Count: > 0 }) == true
            ? "'name' and 'names' were specified in the seccomp profile, use either 'name' or 'names'"
        : null;

    public static OciSeccomp Translate(SeccompProfile profile, IReadOnlyList<string> capabilities)
    {
        var architecture = ArchitectureName(RuntimeInformation.OSArchitecture);
        return Translate(profile, capabilities, architecture, Environment.OSVersion.Version, KernelCalls.MayHaveX32);
    }

    internal static OciSeccomp Translate(
        SeccompProfile profile, IReadOnlyList<string> capabilities, string architecture, Version kernel, bool mayHaveX32)
    {
        var rules = (profile.Syscalls ?? [])
            .Where(rule => Holds(rule, capabilities, architecture, kernel))
            .Select(ToSyscall)
            .Where(rule => rule.Names.Count > 0);
        return new OciSeccomp(
            profile.DefaultAction, profile.DefaultErrnoRet, Architectures(profile, architecture, mayHaveX32), [.. rules]);
    }

    private static OciSyscall ToSyscall(SeccompRule rule)
    {
        IReadOnlyList<string> names = rule.Name is { Length: > 0 } name ? [name, .. rule.Names ?? []] : rule.Names ?? [];
        return new OciSyscall(names, rule.Action, rule.ErrnoRet, rule.Args is { Count: > 0 } args ? args : null);
    }

    private static bool Holds(SeccompRule rule, IReadOnlyList<string> capabilities, string architecture, Version kernel)
    {
        if (rule.Excludes is { } excludes
            && ((excludes.Arches?.Contains(architecture) ?? false)
                || (excludes.Caps?.Any(capabilities.Contains) ?? false)
                || (excludes.MinKernel is { } below && kernel >= ParseKernel(below))))
        {
            return false;
        }

        return rule.Includes is not { } includes
            || (Matches(includes.Arches, architecture)
                && (includes.Caps is not { Count: > 0 } caps || caps.All(capabilities.Contains))
                && (includes.MinKernel is not { } from || kernel >= ParseKernel(from)));
    }

    private static bool Matches(IReadOnlyList<string>? architectures, string architecture)
    {
        return architectures is not { Count: > 0 } || architectures.Contains(architecture);
    }

    private static Version ParseKernel(string text)
    {
        return Version.TryParse(text, out var version)
            ? version
            : throw EngineException.InvalidArgument($"Decoding the seccomp profile failed: minKernel \"{text}\" is no kernel version.");
    }

    private static IReadOnlyList<string> Architectures(SeccompProfile profile, string architecture, bool mayHaveX32)
    {
        if (profile.ArchMap is not { Count: > 0 } map)
        {
            return profile.Architectures ?? [];
        }

        var token = ArchitectureToken(architecture);
        var entry = map.FirstOrDefault(entry => entry.Architecture == token);

        // A third of the filter, and of the time that runtimes take to make it, is about calls that hardly any kernel knows. Where the
        // kernel has none, they are left out: a program that makes one is killed by the filter, while the kernel would say ENOSYS.
        return entry is null ? [] : [entry.Architecture, .. (entry.SubArchitectures ?? []).Where(name => mayHaveX32 || name != X32)];
    }

    private static string ArchitectureName(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "amd64",
        Architecture.X86 => "x86",
        Architecture.Arm64 => "arm64",
        Architecture.Arm or Architecture.Armv6 => "arm",
        Architecture.S390x => "s390x",
        Architecture.Ppc64le => "ppc64le",
        Architecture.RiscV64 => "riscv64",
        _ => architecture.ToString().ToLowerInvariant(),
    };

    private static string ArchitectureToken(string name) => name switch
    {
        "amd64" => "SCMP_ARCH_X86_64",
        "x86" => "SCMP_ARCH_X86",
        "arm64" => "SCMP_ARCH_AARCH64",
        _ => "SCMP_ARCH_" + name.ToUpperInvariant(),
    };

    private static SeccompProfile ReadDefault()
    {
        using var stream = typeof(SeccompTranslator).Assembly.GetManifestResourceStream("default-seccomp.json")
            ?? throw new InvalidOperationException("The assembly carries no seccomp profile.");
        return JsonSerializer.Deserialize(stream, OciJson.Default.SeccompProfile)!;
    }
}
