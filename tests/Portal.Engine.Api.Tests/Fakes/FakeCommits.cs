using Portal.Engine.Containers.Committing;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>Commits nothing and keeps what was asked for.</summary>
internal sealed class FakeCommits : IContainerCommits
{
    public ContainerCommit? Asked { get; private set; }

    public Task<ImageDetails> CommitAsync(ContainerCommit request, CancellationToken cancellationToken = default)
    {
        Asked = request;
        return Task.FromResult(new ImageDetails
        {
            Id = FakeImages.Id, Platform = new ImagePlatform("linux", "amd64"), Config = new ImageConfig(),
        });
    }
}
