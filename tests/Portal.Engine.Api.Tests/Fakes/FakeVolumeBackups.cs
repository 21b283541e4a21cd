using Portal.Engine.Errors;
using Portal.Engine.Volumes.Backups;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Knows no volume: archives are tested with a real engine.</summary>
internal sealed class FakeVolumeBackups : IVolumeBackups
{
    public Task<VolumeArchived> BackupAsync(
        string volume, VolumeUserHandling users, Stream output, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw EngineException.NotFound($"get {volume}: no such volume");

    public Task<VolumeUnpacked> RestoreAsync(
        VolumeRestore request, Stream archive, IProgress<VolumeTransferProgress>? progress = null,
        CancellationToken cancellationToken = default) => throw EngineException.NotFound($"get {request.Volume}: no such volume");
}
