using System.Net.Security;

namespace Portal.Agent.Link.Trust;

/// <summary>How a portal that is reached over TLS is told from impostors.</summary>
/// <remarks>Immutable. One of these is chosen when a host joins; a check that fails never falls back to another one.</remarks>
internal abstract class PortalTrust
{
    /// <summary>Completes "It takes its portal by …".</summary>
    public abstract string Description { get; }

    /// <summary>Has connections to a portal checked, each one and before anything is sent.</summary>
    /// <param name="options">Of the connections.</param>
    /// <param name="portal">Where they go, for what is told when a check fails.</param>
    public abstract void ApplyTo(SslClientAuthenticationOptions options, Uri portal);
}
