using Portal.Data.Entities.Alerts;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>Where alerts are told. How it is reached is a secret.</summary>
internal sealed record TargetItem(Guid Id, string Name, string Kind, string Language, string PortalUrl, DateTimeOffset CreatedAt)
{
    public static TargetItem Of(AlertTarget row) => new(row.Id, row.Name, row.Kind, row.Language, row.PortalUrl, row.CreatedAt);

    /// <summary>All that a change can change, the secret part too.</summary>
    public static TargetState StateOf(AlertTarget row) => new(Of(row), row.Settings);

    /// <summary>Never answered.</summary>
    internal sealed record TargetState(TargetItem Item, string Settings);
}
