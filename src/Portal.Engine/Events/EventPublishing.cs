using System.Globalization;

namespace Portal.Engine.Events;

/// <summary>Events that several kinds of objects have, with Docker's actors and attributes.</summary>
public static class EventPublishing
{
    /// <summary>Tells that objects which nobody uses were removed.</summary>
    /// <param name="events">Where.</param>
    /// <param name="type">What they were.</param>
    /// <param name="reclaimed">How many bytes that freed.</param>
    public static void PublishPrune(this IEngineEvents events, EngineEventType type, long reclaimed)
    {
        ArgumentNullException.ThrowIfNull(events);
        var attributes = new Dictionary<string, string> { ["reclaimed"] = reclaimed.ToString(CultureInfo.InvariantCulture) };
        events.Publish(type, "prune", "", attributes);
    }

    /// <summary>Tells of an image, with its labels.</summary>
    /// <param name="events">Where.</param>
    /// <param name="action">What happened to it.</param>
    /// <param name="actor">Its id; its name where a registry is involved.</param>
    /// <param name="name">Its name, or its id.</param>
    /// <param name="labels">Its labels.</param>
    internal static void PublishImage(
        this IEngineEvents events, string action, string actor, string name, IReadOnlyDictionary<string, string> labels)
    {
        events.Publish(EngineEventType.Image, action, actor, new Dictionary<string, string>(labels) { ["name"] = name });
    }
}
