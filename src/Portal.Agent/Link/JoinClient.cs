using System.Reflection;
using System.Security.Cryptography;
using Portal.Agent.Link.Portals;
using Portal.Agent.Link.Trust;
using Portal.Contracts.Link;

namespace Portal.Agent.Link;

/// <summary>Makes this agent a node of a portal.</summary>
internal sealed class JoinClient(IdentityStore store)
{
    /// <summary>Of the key of the join that was made: whoever accepts this host compares it.</summary>
    public string Fingerprint { get; private set; } = "";

    /// <summary>Whether an administrator has yet to accept this host.</summary>
    public bool Waits { get; private set; }

    /// <summary>Joins and goes by the certificate that the token was made for.</summary>
    /// <exception cref="LinkException">No token, no valid URL, joined already, refused or unreachable.</exception>
    public Task<AgentIdentity> JoinAsync(string url, string tokenText, CancellationToken cancellationToken) =>
        JoinAsync(url, tokenText, null, cancellationToken);

    /// <summary>Makes a key pair, shows the token and the public key, and keeps what came of it.</summary>
    /// <param name="url">The portal's address, or several.</param>
    /// <param name="tokenText">The join token.</param>
    /// <param name="authorities">What to go by from now on; null for the certificate that the token was made for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="LinkException">No token, no valid URL, joined already, refused or unreachable.</exception>
    public async Task<AgentIdentity> JoinAsync(
        string url, string tokenText, AuthorityTrust? authorities, CancellationToken cancellationToken)
    {
        if (store.Load() is { } known)
        {
            throw new LinkException(
                $"This agent is node '{known.NodeName}' of {known.PortalUrl} already. Run 'leave' first to join another portal.",
                LinkProblem.Refused);
        }

        if (!JoinToken.TryParse(tokenText.Trim(), out var token))
        {
            throw new LinkException("That is no join token. It begins with 'pjt_'; copy all of it from the portal.", LinkProblem.Refused);
        }

        PortalTrust? trust = authorities is not null ? authorities : token.Fingerprint is { } pin ? new PinnedTrust(pin) : null;
        var addresses = PortalAddress.ParseAll(url, trust);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new JoinRequest(
            token.ToString(), Convert.ToBase64String(key.ExportSubjectPublicKeyInfo()), Environment.MachineName, AgentVersion)
        {
            Host = HostDescription.Read(),
        };
        var joined = await PortalSearch.FirstAsync(
            addresses,
            async address =>
            {
                using var dialer = new PortalDialer(address);
                return await dialer.JoinAsync(request, cancellationToken).ConfigureAwait(false);
            }).ConfigureAwait(false);
        var identity = new AgentIdentity(joined.NodeId, joined.NodeName, url, "").GoingBy(addresses[0].Trust);
        store.Save(identity, key);
        Fingerprint = KeyFingerprint.Of(key.ExportSubjectPublicKeyInfo());
        Waits = joined.Waiting;
        return identity;
    }

    /// <summary>This agent's version.</summary>
    public static string AgentVersion { get; } =
        typeof(JoinClient).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
}
