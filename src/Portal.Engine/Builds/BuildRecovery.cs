using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Builds.Files;

namespace Portal.Engine.Builds;

/// <summary>What an engine does for builds when it starts. Nothing where no files of roots can be read, as in an engine of fakes.</summary>
internal sealed class BuildRecovery(IServiceProvider services)
{
    /// <inheritdoc cref="Builder.PrepareAsync"/>
    public Task PrepareAsync(CancellationToken cancellationToken) => Find()?.PrepareAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc cref="Builder.CollectAsync"/>
    public Task CollectAsync(CancellationToken cancellationToken) => Find()?.CollectAsync(cancellationToken) ?? Task.CompletedTask;

    private Builder? Find() => services.GetService<IRootFiles>() is null ? null : services.GetRequiredService<Builder>();
}
