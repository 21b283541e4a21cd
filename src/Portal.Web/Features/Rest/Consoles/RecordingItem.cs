using Portal.Data.Entities.Consoles;

namespace Portal.Web.Features.Rest.Consoles;

/// <summary>A recorded console; its bytes are at <c>/consoles/recordings/{id}</c>.</summary>
internal sealed record RecordingItem(
    Guid Id, Guid NodeId, string Node, string ContainerId, string Container, string Name, string Command, string Owner,
    DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string Ending, long Size)
{
    public static RecordingItem Of(RecordedConsole row) => new(
        row.Id, row.NodeId, row.NodeName, row.ContainerId, row.ContainerName, row.Name, row.Command, row.OwnerName, row.StartedAt,
        row.EndedAt, row.Ending, row.Size);
}
