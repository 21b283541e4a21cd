using Portal.Data.Entities.Alerts;

namespace Portal.Web.Features.Rest.Alerts;

/// <summary>Where alerts are told. How it is reached is a secret.</summary>
internal sealed record TargetItem(Guid Id, string Name, string Kind, DateTimeOffset CreatedAt)
{
    public static TargetItem Of(AlertTarget row) => new(row.Id, row.Name, row.Kind, row.CreatedAt);
}
