using Portal.Engine.Hosting;

namespace Portal.Engine.Linux.Runtime;

/// <summary>OCI runtimes that a container may ask for by name: runc, crun, and those that the options name.</summary>
internal sealed class RuntimeCatalog(EngineOptions options)
{
    // What containerd calls its shims of them, as clients of newer engines write it.
    private static readonly string[] s_default = ["", "io.containerd.runc.v2", "runc.v2"];
    private static readonly string[] s_known = ["runc", "crun"];

    /// <summary>True when the name is the engine's own choice.</summary>
    public static bool IsDefault(string name) => s_default.Contains(name);

    public bool Knows(string name) => IsDefault(name) || Find(name) is not null;

    /// <summary>The program of a name; null when there is none.</summary>
    public string? Find(string name)
    {
        return options.Runtimes.TryGetValue(name, out var path) ? Programs.Find(path)
            : s_known.Contains(name) ? Programs.Find(name)
            : null;
    }

    /// <summary>What to say of a name that is none, in Docker's words with what would help.</summary>
    public string Unknown(string name)
    {
        var hint = s_known.Contains(name) || options.Runtimes.ContainsKey(name) ? "its program is not on this host"
            : name == "nvidia"
                ? "name the program of the NVIDIA Container Toolkit in the engine's settings (nvidia=/usr/bin/nvidia-container-runtime)"
            : $"this engine has {string.Join(", ", s_known.Concat(options.Runtimes.Keys).Distinct())}";
        return $"unknown or invalid runtime name: {name}: {hint}";
    }
}
