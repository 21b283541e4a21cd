namespace Portal.Web.Features.Backups;

/// <summary>What a destination shall be.</summary>
/// <param name="Name">For people.</param>
/// <param name="Kind">One of <see cref="DestinationKind"/>.</param>
/// <param name="Settings">Where it is.</param>
/// <param name="SecretKey">Of a storage; empty leaves that which is kept, while it is for the same bucket.</param>
/// <param name="Passphrase">With which backups are encrypted; empty leaves that which is kept.</param>
/// <param name="KeepCount">How many are kept; 0 for any number.</param>
/// <param name="KeepDays">For how many days; 0 for ever.</param>
internal sealed record DestinationDraft(
    string Name, string Kind, DestinationSettings Settings, string SecretKey, string Passphrase, int KeepCount, int KeepDays)
{
    // A record would print its secrets.
    public override string ToString() => $"{Kind} '{Name}'";
}
