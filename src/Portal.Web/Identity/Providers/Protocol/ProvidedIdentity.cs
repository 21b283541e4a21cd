using System.Security.Cryptography;
using System.Text;

namespace Portal.Web.Identity.Providers.Protocol;

/// <summary>Who somebody is, in the word of a provider; all of it was verified.</summary>
internal sealed record ProvidedIdentity
{
    public required string Issuer { get; init; }

    /// <summary>The account at the provider: never given to another. The only thing that links are made by.</summary>
    public required string Subject { get; init; }

    /// <summary>A name for signing in as it would be there; empty when none was told.</summary>
    public string UserName { get; init; } = "";

    public string DisplayName { get; init; } = "";

    /// <summary>The mail address; empty when there is none or the provider did not verify that it is theirs.</summary>
    public string VerifiedMail { get; init; } = "";

    /// <summary>True when there is an address that nobody verified.</summary>
    public bool HasUnverifiedMail { get; init; }

    public IReadOnlySet<string> Groups { get; init; } = new HashSet<string>();

    /// <summary>What a link is kept under: short whatever the subject is, and of no use for another issuer.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Issuer}\n{Subject}")));
}
