using System.Text.Json.Serialization;
using Portal.Agent.Link.Trust;

namespace Portal.Agent.Link;

/// <summary>What this agent is to its portal. The private key is in a file of its own.</summary>
/// <param name="NodeId">The node's id.</param>
/// <param name="NodeName">The node's name when it joined.</param>
/// <param name="PortalUrl">The portal's origin, with the prefix of its paths; several, separated by commas, where several portals of one
/// database are not reached by one.</param>
/// <param name="Fingerprint">SHA-256 of the portal's certificate, 64 hexadecimal digits; empty for a portal
/// reached over loopback without TLS, and where authorities are gone by.</param>
internal sealed record AgentIdentity(Guid NodeId, string NodeName, string PortalUrl, string Fingerprint)
{
    private const string BySystem = "system";
    private const string ByAuthorities = "authorities";

    /// <summary>What is gone by: nothing, as before there was a choice, for the fingerprint.</summary>
    /// <remarks>A version of the agent that does not know this finds no fingerprint and stays away: it never takes just anybody.</remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Trust { get; init; }

    /// <summary>The given authorities in PEM. They are kept here, so that what becomes of the file they came from changes nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Authorities { get; init; }

    /// <summary>The portal's first address with how it is told from impostors.</summary>
    [JsonIgnore]
    public PortalAddress Address => Addresses[0];

    /// <summary>All its addresses, each with how it is told from impostors.</summary>
    /// <exception cref="LinkException">What was kept does not fit together; definite.</exception>
    [JsonIgnore]
    public IReadOnlyList<PortalAddress> Addresses => PortalAddress.ParseAll(PortalUrl, ReadTrust());

    /// <summary>The same with another trust.</summary>
    public AgentIdentity GoingBy(PortalTrust? trust) => this with
    {
        Fingerprint = trust is PinnedTrust pin ? Convert.ToHexStringLower(pin.Fingerprint) : "",
        Trust = trust is AuthorityTrust { Pem: var given } ? given is null ? BySystem : ByAuthorities : null,
        Authorities = (trust as AuthorityTrust)?.Pem,
    };

    private PortalTrust? ReadTrust() => (Trust, Authorities, Fingerprint) switch
    {
        (null, null, "") => null,
        (null, null, var pin) => new PinnedTrust(Convert.FromHexString(pin)),
        (BySystem, null, "") => AuthorityTrust.System,
        (ByAuthorities, { } pem, "") => AuthorityTrust.Of(pem, "What this node keeps"),
        _ => throw new LinkException(
            $"This node goes by '{Trust}', which this version of the agent does not know. Run 'leave', then join again with a new token.",
            LinkProblem.Refused),
    };
}
