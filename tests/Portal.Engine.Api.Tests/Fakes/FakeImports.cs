using Portal.Engine.Images;
using Portal.Engine.Images.Importing;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Imports nothing and says that it did.</summary>
internal sealed class FakeImports : IImageImports
{
    public Task<ImageDetails> ImportAsync(
        Stream archive, ImageImport request, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        return Task.FromResult(new ImageDetails
        {
            Id = FakeImages.Id, Platform = new ImagePlatform("linux", "amd64"), Config = new ImageConfig(),
        });
    }

    public Task<ImageDetails> ImportFromAsync(
        string source, ImageImport request, IProgress<TransferProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        progress?.Report(new TransferProgress(source, TransferPhase.Resolving));
        return ImportAsync(Stream.Null, request, progress, cancellationToken);
    }
}
