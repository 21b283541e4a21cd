namespace Portal.Engine.Linux.Runtime.Oci.Hooks;

/// <summary><c>hooks</c> (runtime-spec, <c>config.md</c>, "POSIX-platform Hooks").</summary>
internal sealed record OciHooks
{
    public IReadOnlyList<OciHook>? Prestart { get; init; }

    public IReadOnlyList<OciHook>? CreateRuntime { get; init; }

    public IReadOnlyList<OciHook>? CreateContainer { get; init; }

    public IReadOnlyList<OciHook>? StartContainer { get; init; }

    public IReadOnlyList<OciHook>? Poststart { get; init; }

    public IReadOnlyList<OciHook>? Poststop { get; init; }
}
