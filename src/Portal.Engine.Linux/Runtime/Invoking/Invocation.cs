namespace Portal.Engine.Linux.Runtime.Invoking;

/// <summary>How an OCI runtime is run. Good until it is disposed, which is for after the runtime's end.</summary>
/// <param name="program">What to run.</param>
/// <param name="prefix">Arguments that come before the runtime's own.</param>
/// <param name="view">The mounts that it sees; null for the engine's.</param>
internal sealed class Invocation(string program, IReadOnlyList<string> prefix, CgroupView? view) : IDisposable
{
    public string Program => program;

    public IReadOnlyList<string> Prefix => prefix;

    /// <summary>To be called just before the runtime runs, when all that it needs is mounted.</summary>
    /// <exception cref="IOException">The kernel does not let us.</exception>
    public void Ready() => view?.Look();

    public void Dispose() => view?.Dispose();
}
