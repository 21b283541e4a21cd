using Portal.Engine.Distribution.Logins;
using Portal.Engine.Distribution.Queries;
using Portal.Engine.Errors;
using Portal.Engine.Images;

namespace Portal.Engine.Api.Tests.Fakes;

/// <summary>A registry with two repositories, and one image for two platforms.</summary>
internal sealed class FakeRegistryQueries : IRegistryQueries
{
    public string? Asked { get; private set; }

    public RegistryCredentials? Credentials { get; private set; }

    public Task<RegistryCheck> CheckAsync(string server, RegistryCredentials? credentials, CancellationToken cancellationToken = default) =>
        Task.FromResult(new RegistryCheck(true, credentials is not null));

    public Task<RepositorySearch> SearchAsync(
        string server, string term, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken = default)
    {
        (Asked, Credentials) = ($"{server}|{term}|{limit}", credentials);
        return Task.FromResult(new RepositorySearch(
            [
                new FoundRepository { Name = "busybox", Description = "Small.", Stars = 30, IsOfficial = true },
                new FoundRepository { Name = "ada/busybox", Stars = 2, IsAutomated = true },
            ],
            IsTruncated: false));
    }

    public Task<NameList> ListTagsAsync(
        string repository, int limit, RegistryCredentials? credentials, CancellationToken cancellationToken = default) =>
        Task.FromResult(new NameList(["1"], false));

    public Task<DescribedImage> DescribeAsync(
        string reference, RegistryCredentials? credentials, CancellationToken cancellationToken = default)
    {
        (Asked, Credentials) = (reference, credentials);
        return reference.StartsWith("host:5000/", StringComparison.Ordinal)
            ? Task.FromResult(new DescribedImage(
                "application/vnd.oci.image.index.v1+json",
                FakeImages.Id,
                7,
                [new ImagePlatform("linux", "amd64"), new ImagePlatform("linux", "arm", "v7")]))
            : throw EngineException.NotFound("no such image");
    }

    public Task<ResolvedTag> ResolveAsync(
        string reference, RegistryCredentials? credentials, CancellationToken cancellationToken = default) =>
        throw EngineException.NotFound("no such image");
}
