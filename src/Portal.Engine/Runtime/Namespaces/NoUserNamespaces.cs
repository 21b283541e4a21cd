using Portal.Engine.Errors;

namespace Portal.Engine.Runtime.Namespaces;

/// <summary>A host without user namespaces: for an engine without a kernel below it.</summary>
internal sealed class NoUserNamespaces : IUserNamespaces
{
    public Task<string> EnsureAsync(string id, IdMapping mapping, CancellationToken cancellationToken = default) =>
        throw new EngineException(EngineErrorKind.Unavailable, "This host has no user namespaces.");

    public string? Find(string id) => null;
}
