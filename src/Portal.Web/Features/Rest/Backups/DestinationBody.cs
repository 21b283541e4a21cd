using Portal.Web.Features.Backups;

namespace Portal.Web.Features.Rest.Backups;

/// <summary>What a destination of backups shall be. Secrets are never given back.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind"><c>folder</c> or <c>s3</c>.</param>
/// <param name="Settings">Where it is; what the kind has no use for is left out.</param>
/// <param name="SecretKey">Of a storage; left out, the one that is kept for the bucket stays.</param>
/// <param name="Passphrase">With which backups are encrypted; left out, the one that is kept stays.</param>
/// <param name="KeepCount">How many are kept; 0 for any number.</param>
/// <param name="KeepDays">For how many days; 0 for ever.</param>
internal sealed record DestinationBody(
    string Name, string Kind, DestinationSettings Settings, string? SecretKey = null, string? Passphrase = null, int KeepCount = 14,
    int KeepDays = 0)
{
    public DestinationDraft ToDraft() => new(Name, Kind, Settings, SecretKey ?? "", Passphrase ?? "", KeepCount, KeepDays);

    public override string ToString() => $"{Kind} '{Name}'";
}
