using Portal.Engine.Distribution.Connections;
using Portal.Engine.Distribution.Logins;
using Portal.Engine.Hosting;
using Portal.Engine.Images;

namespace Portal.Engine.Distribution;

/// <summary>One repository of one registry, for one pull or push (distribution-spec, "Pulling" and "Pushing"). Any thread.</summary>
internal sealed class RegistrySession(
    RegistryEndpoint endpoint, ImageReference reference, RegistryHttp http, EngineOptions options,
    RegistryCredentials? credentials = null, string rights = "pull")
    : RegistryChannel(endpoint, http, options, credentials, $"repository:{endpoint.Prefix}{reference.Path}:{rights}")
{
    private readonly string _path = endpoint.Prefix + reference.Path;

    /// <summary>What the session is about, for messages.</summary>
    public ImageReference Reference { get; } = reference;

    public Uri ManifestAddress(string tagOrDigest) => new(Address, $"v2/{_path}/manifests/{tagOrDigest}");

    public Uri ReferrersAddress(string digest) => new(Address, $"v2/{_path}/referrers/{digest}");

    public Uri BlobAddress(string digest) => new(Address, $"v2/{_path}/blobs/{digest}");

    public Uri UploadAddress(string query = "") => new(Address, $"v2/{_path}/blobs/uploads/{query}");

    public Uri TagsAddress(string query) => new(Address, $"v2/{_path}/tags/list{query}");
}
