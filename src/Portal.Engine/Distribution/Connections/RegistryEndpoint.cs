using Portal.Engine.Distribution.Logins;

namespace Portal.Engine.Distribution.Connections;

/// <summary>Where a registry, or a mirror of it, is reached.</summary>
/// <param name="Domain">Who it is: the registry as in the names of images, or the mirror's host.</param>
/// <param name="Address">Its base address, ending in a slash.</param>
/// <param name="Prefix">What goes before the names of repositories: empty, or ending in a slash.</param>
/// <param name="IsMirror">True for a mirror.</param>
internal sealed record RegistryEndpoint(string Domain, Uri Address, string Prefix = "", bool IsMirror = false)
{
    /// <summary>The host's own login there, or null.</summary>
    public RegistryCredentials? Login { get; init; }
}
