namespace Portal.Web.Features.FleetLists.Bulk;

/// <summary>How far one thing among several is.</summary>
public enum BulkState
{
    Waiting,
    Running,
    Done,
    Failed,
}
