using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Runtime;

namespace Portal.Agent.Policies.Engine;

/// <summary>Containers, made only as policies allow.</summary>
internal sealed class PolicedContainers(IContainers inner, ContainerPolicies policies) : IContainers
{
    public async Task<ContainerCreated> CreateAsync(ContainerSpec spec, CancellationToken cancellationToken = default)
    {
        var image = await policies.CheckCreateAsync(spec, cancellationToken).ConfigureAwait(false);
        var created = await inner.CreateAsync(spec, cancellationToken).ConfigureAwait(false);
        if (image is not null)
        {
            await CheckImageAsync(created, image, spec.Image).ConfigureAwait(false);
        }

        return created;
    }

    public Task<IReadOnlyList<ContainerInfo>> ListAsync(bool all = true, CancellationToken cancellationToken = default) =>
        inner.ListAsync(all, cancellationToken);

    public Task<ContainerInfo> InspectAsync(string container, CancellationToken cancellationToken = default) =>
        inner.InspectAsync(container, cancellationToken);

    public Task<bool> StartAsync(string container, CancellationToken cancellationToken = default) =>
        inner.StartAsync(container, cancellationToken);

    public Task<bool> StopAsync(
        string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default) =>
        inner.StopAsync(container, grace, signal, cancellationToken);

    public Task RestartAsync(
        string container, TimeSpan? grace = null, string? signal = null, CancellationToken cancellationToken = default) =>
        inner.RestartAsync(container, grace, signal, cancellationToken);

    public Task KillAsync(string container, string? signal = null, CancellationToken cancellationToken = default) =>
        inner.KillAsync(container, signal, cancellationToken);

    public Task PauseAsync(string container, CancellationToken cancellationToken = default) =>
        inner.PauseAsync(container, cancellationToken);

    public Task UnpauseAsync(string container, CancellationToken cancellationToken = default) =>
        inner.UnpauseAsync(container, cancellationToken);

    public Task RenameAsync(string container, string newName, CancellationToken cancellationToken = default) =>
        inner.RenameAsync(container, newName, cancellationToken);

    public Task RemoveAsync(
        string container, bool force = false, bool removeVolumes = false, CancellationToken cancellationToken = default) =>
        inner.RemoveAsync(container, force, removeVolumes, cancellationToken);

    public Task<int> WaitAsync(
        string container, WaitCondition condition = WaitCondition.NotRunning, CancellationToken cancellationToken = default) =>
        inner.WaitAsync(container, condition, cancellationToken);

    public Task<IProcessStreams> AttachAsync(string container, CancellationToken cancellationToken = default) =>
        inner.AttachAsync(container, cancellationToken);

    public Task ResizeAsync(string container, TerminalSize size, CancellationToken cancellationToken = default) =>
        inner.ResizeAsync(container, size, cancellationToken);

    public Task<IReadOnlyList<ContainerProcess>> ListProcessesAsync(string container, CancellationToken cancellationToken = default) =>
        inner.ListProcessesAsync(container, cancellationToken);

    // A name may stand for another image by the time that the engine looks it up: then that one was never checked. Not cancelled: the
    // container is there.
    private async Task CheckImageAsync(ContainerCreated created, string image, string name)
    {
        var made = await inner.InspectAsync(created.Id, CancellationToken.None).ConfigureAwait(false);
        if (made.ImageId != image)
        {
            await inner.RemoveAsync(created.Id, force: true, removeVolumes: true, CancellationToken.None).ConfigureAwait(false);
            throw new EngineException(EngineErrorKind.Conflict, $"The name '{name}' was given to another image meanwhile. Try again.");
        }
    }
}
