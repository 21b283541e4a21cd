namespace Portal.Engine.Runtime;

/// <summary>What a container's monitor must know, which is known before its root and its network are there.</summary>
/// <param name="ContainerId">The container's full id.</param>
/// <param name="Runtime">As <see cref="RuntimeContainer.Runtime"/>.</param>
/// <param name="Terminal">As <see cref="RuntimeProcess.Terminal"/>.</param>
/// <param name="OpenStdin">As <see cref="RuntimeContainer.OpenStdin"/>.</param>
/// <param name="StdinOnce">As <see cref="RuntimeContainer.StdinOnce"/>.</param>
/// <param name="LogPath">As <see cref="RuntimeContainer.LogPath"/>.</param>
public sealed record RuntimeExpectation(
    string ContainerId, string Runtime, bool Terminal, bool OpenStdin, bool StdinOnce, string LogPath)
{
    /// <summary>The same of a container that is all known.</summary>
    public static RuntimeExpectation Of(RuntimeContainer container)
    {
        ArgumentNullException.ThrowIfNull(container);
        return new RuntimeExpectation(
            container.Id,
            container.Runtime,
            container.Process.Terminal,
            container.OpenStdin,
            container.StdinOnce,
            container.LogPath);
    }
}
