using System.Security.Cryptography;
using System.Text.Json;
using Portal.Engine.Linux.Runtime.Oci;

namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>
/// Filters that crun has compiled. Compiling one is a third of the processor time that it takes to make a container, and most containers have
/// the same: crun leaves it beside its state and takes one from an annotation (crun(1)), so the next container with the same
/// profile gets it from there. runc has no such way.
/// </summary>
/// <remarks>
/// One for the whole process; any thread. The profile stays in the specification: its flags count, and a crun that knows no such annotation
/// compiles it.
/// </remarks>
internal sealed class CompiledFilters
{
    /// <summary>A filter as the kernel takes it, in Base64.</summary>
    public const string Annotation = "run.oci.seccomp_bpf_data";

    /// <summary>The file in crun's state of a container.</summary>
    public const string FileName = "seccomp.bpf";

    // What other such annotations say may change what is compiled.
    private const string AnnotationsOfCrun = "run.oci.";

    // BPF_MAXINSNS instructions of eight bytes (linux/bpf_common.h).
    private const int InstructionBytes = 8;
    private const int LargestFilter = 4096 * InstructionBytes;
    private const int Most = 32;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string> _filters = [];

    /// <summary>The specification with the filter of its profile, where it is known.</summary>
    public OciSpec Apply(OciSpec spec, OciRuntime runtime)
    {
        if (KeyOf(spec, runtime) is not { } key)
        {
            return spec;
        }

        string? filter;
        lock (_lock)
        {
            filter = _filters.GetValueOrDefault(key);
        }

        return filter is null ? spec : spec with
        {
            Annotations = new Dictionary<string, string>(spec.Annotations ?? new Dictionary<string, string>()) { [Annotation] = filter },
        };
    }

    /// <summary>Keeps what crun has compiled for a container that was made, and whose program has not begun.</summary>
    /// <param name="spec">What it was made from.</param>
    /// <param name="runtime">Who made it.</param>
    /// <param name="stateFolder">What the runtime keeps of the container.</param>
    public void Keep(OciSpec spec, OciRuntime runtime, string stateFolder)
    {
        if (KeyOf(spec, runtime) is not { } key)
        {
            return;
        }

        var file = new FileInfo(Path.Combine(stateFolder, FileName));
        if (!file.Exists || file.Length is 0 or > LargestFilter || file.Length % InstructionBytes != 0)
        {
            return;
        }

        var filter = Convert.ToBase64String(File.ReadAllBytes(file.FullName));
        lock (_lock)
        {
            if (_filters.Count >= Most)
            {
                _filters.Clear();
            }

            _filters[key] = filter;
        }
    }

    // Null where there is nothing to compile, or where it is not known what comes of it.
    private static string? KeyOf(OciSpec spec, OciRuntime runtime)
    {
        if (!runtime.IsCrun
            || spec.Linux.Seccomp is not { } profile
            || spec.Annotations?.Keys.Any(name => name.StartsWith(AnnotationsOfCrun, StringComparison.Ordinal)) == true)
        {
            return null;
        }

        var content = JsonSerializer.SerializeToUtf8Bytes(profile, OciJson.Default.OciSeccomp);
        return $"{runtime.Path} {runtime.Version} {Convert.ToHexStringLower(SHA256.HashData(content))}";
    }
}
