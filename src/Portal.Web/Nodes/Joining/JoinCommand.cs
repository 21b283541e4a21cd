using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Portal.Web.Nodes.Joining;

/// <summary>The one line that makes a host a node.</summary>
internal static class JoinCommand
{
    /// <summary>
    /// For a host that has nothing of the portal yet: it fetches the installer and runs it. Where the portal has a certificate of its own,
    /// curl accepts its key and no other, for the installer and for all that the installer fetches.
    /// </summary>
    /// <param name="portal">Where the host reaches the portal.</param>
    /// <param name="token">The join token.</param>
    /// <param name="certificate">What the portal shows there; null for plain HTTP on its own machine.</param>
    public static string Install(string portal, string token, X509Certificate2? certificate)
    {
        var pin = certificate is null ? null : PinOf(certificate);
        var curl = pin is null ? "curl -fsS" : $"curl -fsSk --pinnedpubkey {Quote(pin)}";
        var key = pin is null ? "" : $" --pin {Quote(pin)}";
        return $"{curl} {Quote(portal + AgentFiles.InstallerPath)} | sudo sh -s -- --portal {Quote(portal)}{key} --token {Quote(token)}";
    }

    /// <summary>The same where the host's authorities stand behind the portal's certificate: nothing is pinned, for curl nor for the agent.</summary>
    public static string InstallByAuthorities(string portal, string token) =>
        $"curl -fsS {Quote(portal + AgentFiles.InstallerPath)} | sudo sh -s -- --portal {Quote(portal)} --trust system --token {Quote(token)}";

    /// <summary>For a host with a clone of the sources.</summary>
    /// <param name="portal">Where the host reaches the portal.</param>
    /// <param name="token">The join token.</param>
    /// <param name="byAuthorities">Whether the host goes by its authorities instead of by a pin.</param>
    public static string FromSources(string portal, string token, bool byAuthorities = false) =>
        $"./portal agent join {Quote(portal)}{(byAuthorities ? " --trust system" : "")} --token {Quote(token)} && ./portal agent run";

    /// <summary>SHA-256 of the public key as curl takes it (<c>--pinnedpubkey</c>).</summary>
    public static string PinOf(X509Certificate2 certificate) =>
        "sha256//" + Convert.ToBase64String(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));

    // A word of the shell, in quotes where it needs them.
    private static string Quote(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or ':' or '-' or '_' or '=' or '+')
            ? word
            : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
