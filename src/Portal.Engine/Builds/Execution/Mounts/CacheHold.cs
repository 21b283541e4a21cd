namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>A cache's folder while a step uses it.</summary>
internal sealed class CacheHold(string path, Action release) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose() => release();
}
