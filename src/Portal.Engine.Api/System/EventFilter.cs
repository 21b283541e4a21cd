using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Routing;
using Portal.Engine.Events;

namespace Portal.Engine.Api.System;

/// <summary>The filters of <c>docker events</c>.</summary>
internal sealed class EventFilter
{
    private readonly DockerFilters _filters;

    private EventFilter(DockerFilters filters)
    {
        _filters = filters;
    }

    public static EventFilter Read(HttpContext context)
    {
        return new EventFilter(DockerFilters.Read(
            context,
            "config", "container", "daemon", "event", "image", "label", "network", "node", "plugin", "scope", "secret", "service", "type", "volume"));
    }

    public bool Allows(EngineEvent happened)
    {
        return _filters.Allows("type", value => EventViews.Word(happened.Type) == value)
            && _filters.Allows("event", value => happened.Action == value || happened.Action.StartsWith(value + ":", StringComparison.Ordinal))
            && _filters.Allows("scope", value => value == "local")
            && AllowsActor("container", EngineEventType.Container, happened)
            && AllowsActor("network", EngineEventType.Network, happened)
            && AllowsActor("volume", EngineEventType.Volume, happened)
            && AllowsActor("daemon", EngineEventType.Daemon, happened)
            && _filters.Allows("image", value => IsOfImage(happened, value))
            && !_filters.Has("config") && !_filters.Has("node") && !_filters.Has("plugin") && !_filters.Has("secret") && !_filters.Has("service")
            && _filters.AllowsLabels(happened.Attributes);
    }

    private bool AllowsActor(string name, EngineEventType type, EngineEvent happened)
    {
        return _filters.Allows(name, value => happened.Type == type && IsNamed(happened, value));
    }

    private static bool IsNamed(EngineEvent happened, string value)
    {
        return happened.ActorId.StartsWith(value, StringComparison.Ordinal)
            || (happened.Attributes.TryGetValue("name", out var name) && name == value.TrimStart('/'));
    }

    private static bool IsOfImage(EngineEvent happened, string value)
    {
        var key = happened.Type == EngineEventType.Image ? "name" : "image";
        return happened.ActorId == value
            || (happened.Attributes.TryGetValue(key, out var image)
                && (image == value || image.StartsWith(value + ":", StringComparison.Ordinal)));
    }
}
