namespace Portal.Engine.Builds.Remotes;

/// <summary>
/// Lends a key to the programs of a build: they can have things signed with it, and never see it. The key is in no file; it goes from
/// memory when the socket is closed, and also when this engine is killed.
/// </summary>
public interface ISshAgents
{
    /// <summary>Opens a socket that speaks the protocol of SSH agents.</summary>
    /// <param name="privateKey">A key without a passphrase, in OpenSSH's or PEM's form.</param>
    /// <param name="socket">Where.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>To be disposed: closes the socket, removes it and forgets the key.</returns>
    /// <exception cref="Errors.EngineException">
    /// InvalidArgument: no key that can be used. Unavailable: the host has no program for it.
    /// </exception>
    Task<IDisposable> ServeAsync(string privateKey, SshSocket socket, CancellationToken cancellationToken = default);
}
