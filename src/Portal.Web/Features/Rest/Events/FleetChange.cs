namespace Portal.Web.Features.Rest.Events;

/// <summary>Something that changed.</summary>
/// <param name="Event">Which kind: the event's name.</param>
/// <param name="Data">As the lists have it.</param>
internal sealed record FleetChange(string Event, object Data);
