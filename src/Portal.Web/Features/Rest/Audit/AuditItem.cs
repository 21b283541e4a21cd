using Portal.Data.Entities;

namespace Portal.Web.Features.Rest.Audit;

/// <summary>An entry of the audit log.</summary>
/// <param name="Id">Grows.</param>
/// <param name="At">When.</param>
/// <param name="ActorId">Who; all zeros for the portal itself and for who is not known.</param>
/// <param name="Actor">Their name at that time.</param>
/// <param name="Address">From where.</param>
/// <param name="Action">What.</param>
/// <param name="ObjectType">On what kind of thing.</param>
/// <param name="ObjectId">On which.</param>
/// <param name="Object">Its name.</param>
/// <param name="NodeId">On which node.</param>
/// <param name="Outcome"><c>succeeded</c>, <c>failed</c> or <c>denied</c>.</param>
/// <param name="Detail">What else there is to say.</param>
internal sealed record AuditItem(
    long Id, DateTimeOffset At, Guid ActorId, string Actor, string Address, string Action, string ObjectType, string ObjectId,
    string Object, Guid? NodeId, string Outcome, string Detail)
{
    public static AuditItem Of(AuditRecord row) => new(
        row.Id, row.At, row.ActorId, row.ActorName, row.Address, row.Action, row.ObjectType, row.ObjectId, row.ObjectName, row.NodeId,
        row.Outcome, row.Detail);
}
