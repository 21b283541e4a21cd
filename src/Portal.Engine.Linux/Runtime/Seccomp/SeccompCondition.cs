namespace Portal.Engine.Linux.Runtime.Seccomp;

/// <summary>When a rule holds (as <c>includes</c>) or does not (as <c>excludes</c>).</summary>
internal sealed record SeccompCondition
{
    public IReadOnlyList<string>? Caps { get; init; }

    public IReadOnlyList<string>? Arches { get; init; }

    public string? MinKernel { get; init; }
}
