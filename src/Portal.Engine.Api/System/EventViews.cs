using Portal.Engine.Api.Routing;
using Portal.Engine.Api.System.Models;
using Portal.Engine.Events;

namespace Portal.Engine.Api.System;

/// <summary>Events in Docker's shape.</summary>
internal static class EventViews
{
    public static EventModel Model(EngineEvent happened)
    {
        var old = happened.Type is EngineEventType.Container or EngineEventType.Image;
        return new EventModel
        {
            Status = old ? happened.Action : null,
            Id = old ? happened.ActorId : null,
            From = happened.Type == EngineEventType.Container && happened.Attributes.TryGetValue("image", out var image) ? image : null,
            Type = Word(happened.Type),
            Action = happened.Action,
            Actor = new ActorModel(happened.ActorId, new Dictionary<string, string>(happened.Attributes)),
            Time = happened.Time.ToUnixTimeSeconds(),
            TimeNano = GoTime.UnixNanoseconds(happened.Time),
        };
    }

    public static string Word(EngineEventType type) => type switch
    {
        EngineEventType.Container => "container",
        EngineEventType.Image => "image",
        EngineEventType.Network => "network",
        EngineEventType.Volume => "volume",
        EngineEventType.Builder => "builder",
        _ => "daemon",
    };
}
