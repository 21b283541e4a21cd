namespace Portal.Engine.Distribution.Connections;

/// <summary>How registries are reached, beyond what <see cref="Hosting.EngineOptions.InsecureRegistries"/> says.</summary>
public sealed record RegistryOptions
{
    /// <summary>
    /// Folders with a folder for each registry, named <c>HOST</c> or <c>HOST:PORT</c> as in the names of its images (<c>docker.io</c> for Docker
    /// Hub): <c>*.crt</c> are authorities to trust for it besides the system's, <c>*.cert</c> with <c>*.key</c> of the same name
    /// certificates to show to it. Read at each connection, so that a change needs no restart. The form is that of Docker's
    /// <c>/etc/docker/certs.d</c>.
    /// </summary>
    /// <value>The default is none. A folder that is not there is no error.</value>
    public IReadOnlyList<string> CertificateFolders { get; init; } = [];

    /// <summary>Where to pull from first, in order of trial for each registry. Pushes never go to a mirror.</summary>
    public IReadOnlyList<RegistryMirror> Mirrors { get; init; } = [];

    /// <summary>The proxies on the way.</summary>
    /// <value>Null, the default, for those of the environment; see <see cref="RegistryProxyOptions.FromEnvironment"/>.</value>
    public RegistryProxyOptions? Proxy { get; init; }

    /// <summary>Refuses what can't be used, so that it is told at start and not at the first pull.</summary>
    /// <returns>These.</returns>
    /// <exception cref="Errors.EngineException">InvalidArgument: a proxy's address is malformed.</exception>
    public RegistryOptions Check()
    {
        _ = Proxy is null ? null : new RegistryProxy(Proxy);
        return this;
    }
}
