using System.CommandLine;
using Portal.Agent.Link;
using Portal.Agent.Link.Trust;

namespace Portal.Agent.Hosting;

/// <summary>What a command says of whom this host takes for its portal.</summary>
internal sealed class TrustOptions
{
    private const string Pin = "pin";
    private const string BySystem = "system";

    private readonly Option<string?> _trust = new("--trust")
    {
        Description = "'pin': the portal shows the certificate that the token was made for, the default. 'system': it shows one for its name that an "
            + "authority which this host trusts stands behind, as a proxy does whose certificate is renewed every few weeks.",
    };

    private readonly Option<FileInfo?> _ca = new("--ca")
    {
        Description = "As --trust system, with the authorities in this PEM file and no others. They are kept with the node.",
    };

    public TrustOptions() => _trust.AcceptOnlyFromAmong(Pin, BySystem);

    public void AddTo(Command command)
    {
        command.Add(_trust);
        command.Add(_ca);
    }

    /// <summary>The authorities that were asked for.</summary>
    /// <returns>Null for a pin.</returns>
    /// <exception cref="LinkException">Both were asked for, or the file holds none.</exception>
    public async Task<AuthorityTrust?> ReadAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var trust = result.GetValue(_trust);
        if (result.GetValue(_ca) is not { } file)
        {
            return trust == BySystem ? AuthorityTrust.System : null;
        }

        if (trust is not null)
        {
            throw new LinkException($"Give --ca or --trust {trust}, not both.", LinkProblem.Refused);
        }

        try
        {
            var pem = await File.ReadAllTextAsync(file.FullName, cancellationToken).ConfigureAwait(false);
            return AuthorityTrust.Of(pem, $"'{file.FullName}'");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new LinkException($"'{file.FullName}' can't be read.", LinkProblem.Refused, failure);
        }
    }
}
